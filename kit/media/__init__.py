"""Files of pictures, videos and sounds: what they hold, which are copies, which only look alike.

Copy tracking, not a detector of made-up media: nothing here says how a picture came about.
Files are decoded in a child process with limits (`worker`), after a look at their first bytes.
"""
