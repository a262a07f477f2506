"""The rules as data: which words need what, in English and in French.

A pattern is matched without regard to case, at the borders of words. Patterns are chosen so that the
ordinary use of a word is left alone: *robot*, *user agent*, *coordinated universal time*,
*the control is run by* a person. `tests/test_wording.py` holds a corpus of innocent and of accusing
sentences for both languages; a new word belongs there too.
"""

from __future__ import annotations

from dataclasses import dataclass

#: what evidence can support; none of them follows from another
RUNGS = ("co-active", "automated", "coordinated", "inauthentic", "attributed")


@dataclass(frozen=True)
class Term:
    """Words that claim one rung of the ladder (or none that can be supported), and what to write instead."""

    rung: str  # one of RUNGS, or "guilt", which no evidence can support here
    pattern: str
    instead: str


_SUBJECTS = r"(?:accounts?|profiles?|networks?|campaigns?|operations?|pages?|channels?|they|users?|group)"
_BE = r"(?:(?:is|are|was|were|be|been|being|who|that|which|all|mostly|partly|largely|clearly|itself|themselves)\s+)"
_THESE = r"(?:(?:the|these|those|all|studied) (?:studied |same |new |old )?(?:accounts|network|profiles|operation|campaign))"
_POWER = r"(?:state|government|regime|kremlin|beijing|moscow|tehran|party|military|army|police)"
_SUJETS = r"(?:comptes?|profils?|réseaux?|campagnes?|opérations?|pages?|chaînes?|ils|elles|groupes?)"
_LES_COMPTES = r"(?:comptes|profils|réseaux)(?: étudiés)?"
_CES = r"(?:(?:les|ces|ce|tous les|le) (?:comptes?|profils?|réseau|campagne|opération)(?: étudiés?)?)"
_ETRE = r"(?:(?:est|sont|était|étaient|être|été|qui|tous|toutes|aussi|bien|en partie)\s+)"

ENGLISH = (
    Term("automated", r"(?:spam|social ?)?bots?(?! (?:api|token|score|detect)\w*)", "account"),
    Term("automated", r"bot(?:nets?|[- ](?:like|driven|run|net|farms?|army|armies|networks?))", "account"),
    Term("automated", rf"automated {_SUBJECTS}|{_SUBJECTS} {_BE}+automated", "account"),
    Term(
        "inauthentic",
        r"troll(?:ing)?[- ](?:farms?|arm(?:y|ies)|factor(?:y|ies)|accounts?)|trolls?",
        "account",
    ),
    Term(
        "inauthentic", r"sock[- ]?puppets?|shills?|astroturf(?:ing|ed|ers?)?|wumao|50[- ]cent army", "account"
    ),
    Term("inauthentic", r"inauthentic(?:ally|ity)?", "what was seen, such as 'made on one day'"),
    Term("inauthentic", rf"(?:fake|bogus|phon(?:y|ey)|zombie|puppet|sham) (?:\w+ )?{_SUBJECTS}", "account"),
    Term("inauthentic", rf"{_SUBJECTS} {_BE}+(?:fake|bogus|phon(?:y|ey)|not real|not genuine)", "account"),
    Term(
        "inauthentic",
        r"cyber ?(?:army|armies|troops?)|water army|keyboard warriors?|propagandists?",
        "account",
    ),
    Term(
        "coordinated",
        r"coordinated(?! universal)(?:ly)?|co-ordinated|orchestrated|choreographed",
        "co-active",
    ),
    Term(
        "coordinated",
        r"in (?:close )?coordination with|(?:act|work|operat|post)(?:s|ed|ing|e)? in concert",
        "co-active",
    ),
    Term(
        "coordinated",
        r"(?:clear|evident|obvious|close|tight|deliberate|centralised) coordination",
        "co-activity",
    ),
    Term(
        "coordinated",
        rf"coordination (?:among|between|of) (?:the|these|those|all) (?:\w+ )?{_SUBJECTS}",
        "co-activity",
    ),
    Term(
        "coordinated",
        rf"(?:accounts?|profiles?|networks?) {_BE}*(?:work|act|operat|conspir|collud)(?:e|es|ed|ing|s)? together|collu(?:de[sd]?|ding|sion)",
        "co-active",
    ),
    Term(
        "attributed",
        rf"{_POWER}[- ](?:backed|sponsored|run|linked|controlled|affiliated|funded|directed|aligned|operated|owned)",
        "studied",
    ),
    Term(
        "attributed",
        r"attribut(?:ed|es|ion|able) (?:by [^,.;:]{1,40} )?to(?! (?:chance|noise|error|an? (?:bug|fault|outage)|the (?:wrong|weekday|hour|clock|day)))",
        "studied",
    ),
    Term(
        "attributed",
        rf"(?:{_THESE} {_BE}*|they (?:are|were) )(?:run|operated|controlled|directed|paid|funded|financed|hired|backed|sponsored|commissioned|steered) by",
        "studied",
    ),
    Term(
        "attributed",
        r"paid (?:posters?|commenters?|agitators?|influencers?)|(?:is|are|was|were|been) (?:paid|hired) by",
        "account",
    ),
    Term(
        "attributed",
        r"(?:foreign|state|government|paid|enemy|secret|intelligence|influence|chinese|russian|iranian|israeli|american|indian) agents?",
        "account",
    ),
    Term(
        "attributed",
        r"(?:state|government|regime|intelligence) (?:actors?|operatives?|operations?)|agents? of (?:the|a) \w+|operatives|spies",
        "account",
    ),
    Term(
        "attributed",
        r"(?:influence|information|psychological) (?:operation|campaign)s?|psy-?ops?|disinformation (?:campaign|operation|network)s?",
        "network under study",
    ),
    Term(
        "attributed",
        rf"(?:on behalf|on (?:the )?orders|at the behest|in the pay) of (?:the |a |some )?(?:\w+ )?(?:{_POWER}|ministry|agency|company|republic)|behind (?:the|this|these) {_SUBJECTS} (?:is|are|stands?)",
        "studied",
    ),
    Term(
        "attributed",
        r"(?:deliberate|intentional|purpose|wilful|knowing)ly|on purpose|with intent|by design",
        "what was seen, without what somebody wanted",
    ),
    Term(
        "attributed",
        rf"{_SUBJECTS} {_BE}*(?:want(?:s|ed)?|seeks?|sought|intend(?:s|ed)?|hope[sd]?|aim(?:s|ed)?|tr(?:y|ies|ied)|meant|mean) to",
        "what was seen, without what somebody wanted",
    ),
    Term(
        "guilt",
        r"guilty|guilt|culprits?|perpetrators?|offenders?|wrongdoers?|criminals|accomplices?|the suspects|suspect accounts?|suspicious accounts?",
        "studied accounts",
    ),
)

FRENCH = (
    Term("automated", r"bots?(?! (?:api|token|score))|botnets?", "compte"),
    Term(
        "automated",
        r"comptes?[- ]robots?|(?:est|sont|étaient|était) (?:un|des) (?:simples? )?robots?|(?:armée|ferme|réseau)s? de robots",
        "compte",
    ),
    Term("automated", rf"{_SUJETS} {_ETRE}*automatisée?s?", "compte"),
    Term("inauthentic", r"(?:usines?|fermes?|armées?) (?:à|de) trolls|trolls?", "compte"),
    Term(
        "inauthentic",
        r"inauthentiques?|inauthenticité|faux[- ]nez|astroturfing|comptes? marionnettes?",
        "ce qui a été vu, comme « créés le même jour »",
    ),
    Term(
        "inauthentic",
        r"faux (?:comptes?|profils?)|fausses? (?:pages?|identités?|chaînes?)|comptes? (?:fantômes?|fictifs?|bidons?|zombies?)",
        "compte",
    ),
    Term("inauthentic", rf"{_SUJETS} {_ETRE}+(?:faux|fausses?|fictifs?|fictives?|bidons?)", "compte"),
    Term(
        "inauthentic",
        r"cyber-?(?:armées?|soldats?|troupes?)|armée des (?:50|cinquante) (?:cents?|centimes)|propagandistes?",
        "compte",
    ),
    Term(
        "coordinated",
        r"(?<!universel )coordonn(?:é|és|ée)|(?<!les )(?<!des )(?<!ses )(?<!leurs )(?<!vos )(?<!nos )(?<!ces )(?<!aux )(?<!de )(?<!d')(?<!en )coordonnées|(?:actions?|publications?|réponses?|campagnes?|manières?) (?:\w+ )?coordonnées",
        "actif en même temps",
    ),
    Term(
        "coordinated",
        r"orchestrée?s?|concertée?s?|de concert avec|(?:agi\w*|travaill\w*|publi\w*) (?:\w+ )?de concert",
        "actif en même temps",
    ),
    Term(
        "coordinated",
        rf"coordination (?:claire|évidente|manifeste|étroite)|coordination (?:entre|de|des) (?:ces |les )?(?:\w+ )?{_SUJETS}",
        "activité simultanée",
    ),
    Term(
        "coordinated",
        rf"{_LES_COMPTES} {_ETRE}*(?:travaillent|agissent|opèrent) ensemble|en collusion",
        "actif en même temps",
    ),
    Term(
        "attributed",
        r"attribuée?s? (?:par [^,.;:]{1,40} )?(?:à(?! (?:tort|chaque|l'erreur|une? (?:erreur|panne)))|au(?!\w| hasard| bruit)|aux)|attribuables?",
        "étudié",
    ),
    Term(
        "attributed",
        r"(?:soutenu|lié|parrainé|financé|commandité|contrôlé|dirigé|piloté|affilié|appuyé)e?s? (?:par|à) (?:l'état|le gouvernement|un état|le régime|pékin|moscou|téhéran|le kremlin|la chine|la russie|l'armée|le parti)|étatiques?(?= (?:étranger|russe|chinois|iranien))",
        "étudié",
    ),
    Term(
        "attributed",
        rf"(?:{_CES} {_ETRE}*|(?:ils|elles) sont )(?:payés?|payées?|financée?s?|pilotée?s?|téléguidée?s?|dirigée?s?|contrôlée?s?|commanditée?s?|exploitée?s?|gérée?s?|rémunérée?s?) par",
        "étudié",
    ),
    Term(
        "attributed",
        r"à la solde d[eu']|pour le compte d[eu']s?(?= (?:la |l'|un |une )?(?:état|gouvernement|régime|chine|russie|iran|armée|parti|puissance))|sur ordre d[eu']",
        "étudié",
    ),
    Term(
        "attributed",
        r"agents? (?:étrangers?|d'influence|secrets?|chinois|russes?|iraniens?|étatiques?|de l'état|du gouvernement|du régime|payés?)|(?:les|des|ces|d') ?espions|mercenaires",
        "compte",
    ),
    Term(
        "attributed",
        r"(?:opérations?|campagnes?) (?:d'influence|d'information|de désinformation|psychologiques?)|acteurs? étatiques?",
        "réseau étudié",
    ),
    Term(
        "attributed",
        r"délibérément|intentionnellement|sciemment|volontairement|à dessein|dans (?:l'intention|le but) d[e']",
        "ce qui a été vu, sans ce que quelqu'un voulait",
    ),
    Term(
        "attributed",
        rf"{_SUJETS} {_ETRE}*(?:voulai(?:t|en?t)|veu(?:t|lent)|(?:cherch|vis)(?:e|ent|ait|aient) à|tent(?:e|ent|ait|aient) d[e']|espér(?:ait|aient))",
        "ce qui a été vu, sans ce que quelqu'un voulait",
    ),
    Term(
        "guilt",
        r"coupables?|culpabilité|malfaiteurs?|(?:les|des|ces) criminels|complices?|fautifs?|suspects?",
        "comptes étudiés",
    ),
)

TERMS = {"en": ENGLISH, "fr": FRENCH}

#: a likelihood in other words than the seven, and which of the seven may be meant
OTHER_WORDS = {
    "en": (
        (r"(?:highly|most|extremely) (?:likely|probable|probably)", "very likely"),
        (r"(?:highly|extremely) (?:unlikely|improbable)", "very unlikely"),
        (r"(?:not (?:very )?|hardly )(?:likely|probable)|improbabl[ey]", "unlikely"),
        (r"nearly certain|virtually certain|(?:most )?certainly|undoubted(?:ly)?|(?:without|beyond|no) (?:a |any |reasonable )*doubt|definitely|surely|clearly (?:shows?|proves?)", "almost certain"),
        (r"probabl[ey]|presumably|in all (?:likelihood|probability)|(?:chances|odds) are|apparently|seemingly|appears? (?:to|likely|that)|appeared (?:to|that)|seems?|seemed", "likely"),
        (r"perhaps|maybe|possibly|conceivably|roughly even odds|fifty-fifty", "roughly even chance"),
        (r"(?:no|little|slim|small) chance (?:that|of)", "almost no chance"),
    ),
    "fr": (
        (r"(?:fort|hautement|extrêmement|plus que) probables?|très (?:probablement|vraisemblablement|vraisemblables?)", "très probable"),
        (r"(?:très )?peu (?:probables?|vraisemblables?)|(?:pas|guère) (?:très )?probables?|invraisemblables?|improbablement", "improbable"),
        (r"quasi(?:ment)?[- ](?:certaine?s?|certainement)|certainement|assurément|sûrement|indubitablement|sans (?:aucun |le moindre )doute|à coup sûr|indiscutablement", "presque certain"),
        (r"probablement|vraisemblable(?:s|ment)?|sans doute|apparemment|sembl(?:e|ent|ait|aient)|il paraît que|para(?:ît|issent) (?:être|avoir)|selon toute (?:vraisemblance|apparence)", "probable"),
        (r"peut-être|possiblement|une chance sur deux", "chances à peu près égales"),
        (r"(?:peu|guère) de chances?", "presque aucune chance"),
    ),
}  # fmt: skip

#: beside these a likelihood word compares shares and is no judgement
COMPARED = {
    "en": r"(?:more|less|as|equally|times|how|so|too|most|least|just)\s+$",
    "fr": r"(?:plus|moins|aussi|autant|également|fois|le|la|les|valeurs?|erreurs?|loi|distribution)\s+$",
}

CONFIDENCE = {
    "en": r"confidence(?! (?:intervals?|limits?|bounds?|bands?|regions?|sets?))|confident(?:ly)?",
    "fr": r"(?<!intervalle de )(?<!intervalles de )(?<!niveau de )(?<!bornes de )confiance",
}

#: before a term in the same clause: said not to be, left open, defined, or named as a word
OPENERS = {
    "en": r"\b(?:not|never|no|nor|neither|nothing|nobody|no one|none|cannot|without|whether|if|unless|rather than|instead of"
    r"|difference between|tell(?:s|ing)? (?:\w+ )?from|(?:research|literature|work) on|stud(?:y|ies) of|rules? (?:on|against)"
    r"|polic(?:y|ies) (?:on|against)|(?:the )?(?:word|term|label|phrase|hypothesis)s?|hypothes[ie]s|assum(?:e|es|ing)|example of"
    r"|question|ask(?:s|ed|ing)?|claims? (?:of|that)|mean(?:s|t)? by|defin(?:e|ed|ition|itions) (?:of|as)?)\b|\b\w+n't\b",
    "fr": r"\b(?:pas|jamais|aucune?|rien|ni|personne|sans|nul(?:le)?|non|si|s'ils?|s'elles?|plutôt que|au lieu d|différence entre"
    r"|distinguer|recherches? sur|littérature sur|études? (?:des?|sur)|règles? (?:sur|contre)|(?:le )?(?:mot|terme|libellé)s?"
    r"|hypothèses?|suppos\w*|exemple d|question|définition|entend(?:re|ons)? par|est-ce que|peut-on)\b",
}

#: words that look like openers and affirm
AFFIRMING = {
    "en": r"\b(?:no|without|beyond|never) (?:a |any |reasonable |shadow of a )*(?:doubt|question)\b|\bnot (?:only|just|merely|simply|surprising\w*|least)\b"
    r"|\bnothing (?:but|short of|less than)\b|\bnone other than\b|\b(?:cannot|can't|could not) be (?:denied|doubted|overstated)\b|\bno (?:wonder|secret|accident|coincidence)\b|\beven if\b|\bif (?:anything|ever)\b|\bnot (?:people|real|human|ordinary|genuine)[^.;]{0,40}\bbut\b",
    "fr": r"\bsans (?:aucun |le moindre |nul )?doute\b|\b(?:pas|non) (?:seulement|uniquement|étonnant\w*|surprenant\w*)\b|\brien d'autre que\b|\brien de moins qu\w*\b"
    r"|\bpas (?:un )?(?:hasard|secret)\b|\bmême si\b|\bsi bien qu\w*\b|\b(?:pas|non pas|non) (?:des? |un )?(?:gens|personnes|vrais?|humains?)[^.;]{0,40}\bmais\b",
}

#: where what an opener governs ends
CLAUSE = {
    "en": r"[;:—()]| – |\b(?:but|yet|however|because|whereas|while|although|though|since)\b"
    r"|, (?:and|so|they|these|those|it|we|all|most|who|which|the|are|is|were|was|he|she)\b|\band (?:are|is|was|were|have|has|act|work|they|these|it)\b",
    "fr": r"[;:—()]| – |\b(?:mais|or|donc|car|puisque|parce que|tandis que|alors que|pourtant|cependant|bien que)\b"
    r"|, (?:et|ils|elles|ces?|cette|il|elle|tous|toutes|qui|les?|la|sont|est|on)\b|\bet (?:sont|est|ont|ils|elles|ces|il)\b",
}

#: a question that leaves it open; "why" and "how" take it as given
QUESTION = {
    "en": r"(?:^|[:;] ?)\W*(?:are|is|was|were|do|does|did|can|could|have|has|should|would|what (?:is|are|makes|does|counts))\b",
    "fr": r"(?:^|[:;] ?)\W*(?:est-ce|s'agit-il|sont-|est-|a-t-|ont-|peut-|qu'est-ce|que veut dire|ces? \w+ (?:sont|est|agi|trav|vien)\w*-|(?:le|la|les) \w+ (?:sont|est)-)",
}

#: a generic subject that is defined or imagined, before and after the term
GENERIC = {
    "en": (r"(?:^\W*|[,;:]|\b(?:as|that|than|like|what))\s*(?:an? |any )(?:\w+ )?$", r"\s*(?:would|could|might|can|may|need|is an?|is any|is not|means|or an?)\b"),
    "fr": (r"(?:^\W*|[,;:]|\b(?:comme|que|ce qu'))\s*(?:une? |tout )$", r"\s*(?:pourrait|peut|ferait|aurait|serait|désigne|est une?|n'est pas|signifie)\b"),
}  # fmt: skip

#: after a term: said not to have been found
DENIED = {
    "en": r" (?:is|does) not\b(?! only)|[^,.;:]{0,30}?\b(?:is|are|was|were|has|have|can|could)\s?(?:not|n't|never)(?: be| been)? (?:found|seen|shown|claimed|assumed|meant|implied|established|prove[dn]?|tested|examined|alleged|known|told)",
    "fr": r" n'est pas\b(?! seul)|[^,.;:]{0,30}?\b(?:n'(?:est|a|ont|étaient|était)|ne (?:sont|peu\w+|fu\w+))(?: pas| jamais)(?: être| été)? (?:trouv|vu|montr|affirm|suppos|établi|prouv|test|examin|connu|démontr)",
}
