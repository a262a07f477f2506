"""What do they repeat, in which languages, with which traces of origin?"""
