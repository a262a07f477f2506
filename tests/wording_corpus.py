"""Sentences that say no more than they show, and sentences that claim too much, in both languages.

All invented. An accusing sentence stands with the rule that it breaks and the words at fault.
"""

from __future__ import annotations

INNOCENT = {
    "en": """\
A new account is not a bot.
Old accounts are not hijacked ones, and new accounts are not trolls.
The studied accounts answered 4,300 posts of fifty members.
Studied does not mean guilty.
*Studied* says where the researcher looked, not who is guilty.
Whether the accounts are coordinated cannot be told from their ages.
Nothing here says that two accounts act together.
Nobody should conclude that these accounts are fake.
We cannot tell whether a state-backed actor paid for the posts.
This chart does not prove that the network is inauthentic.
Co-active is not coordinated, coordinated is not inauthentic, and inauthentic is not attributed to anyone.
If these accounts were bots, they would post at night too.
Are these accounts coordinated?
Do trolls post at lunch time?
**One question: are these accounts working together, and how would I know if they were not?**
A bot would not pause at midday.
A robot built the chairs, and the robots.txt file was read first.
The botanical garden posted about botany and bottlenecks.
The chatbot of the city library answered in two languages.
User agents and estate agents are different things.
Times are in Coordinated Universal Time (coordinated universal time).
The GPS coordinates of the office are rounded.
The uncoordinated replies came over three weeks.
The function `bot_score(account)` returns a number, and so does `troll`.
See https://example.org/bots/state-backed-trolls for the list.
See [the page](https://example.org/coordinated-bots) of the platform.
The handle @troll_bot is invented.
The word "bot" stands in the notice and nowhere here.
We never use the terms "troll" or "bot" for an account.
The fall was attributed to chance by the test.
The posts were attributed to the wrong hour before the zone was named.
Two accounts may share a link because both follow the news.
People could be angry for reasons of their own.
The control is twice as likely to answer within a day.
Studied accounts were more likely than the control to answer.
The log-likelihood and the quasi-likelihood are printed once.
The share carries a 95 % confidence interval.
The confidence intervals overlap.
It is very likely (80–95 %) that the export holds a part of the posts only.
The two sets are likely (55-80 %) to overlap. The overlap is likely one of dates.
It is unlikely (20–45 %) that the control was collected by another search.
There is almost no chance (1–5 %) that the order of the rows matters.
We have low confidence in this judgement, because only one export was read.
This needs a roughly even chance (45–55 %) in both groups.
The notice of the platform says that the accounts were coordinated [E1].
Attributed by the platform to a state agency, [E2], the accounts are studied here.
"These are bots", the platform wrote [E3].
The platform called the network inauthentic.[E4]
The finding says that the accounts are coordinated [finding: together].
No coordinated accounts were found.
Coordinated accounts were not found.
Inauthentic behaviour is not claimed here.
Names appear only where the roster allows it.
A pause appears at one clock and not at its neighbours.
The event seen in August is drawn on the chart.
Nothing in the data tells people from bots.
The research on coordinated inauthentic behaviour began with such sets.
The hypothesis that the accounts are bots was not tested.
They signed up within two days, which a campaign of sign-ups by a party would explain too.
The suspended accounts are left out.
Her account was suspected by nobody.
A criminal court read the report.
The official pages are run by the members' staff.
The members of parliament and their staff work together.
The two coders worked alone and then together.
It remains to be seen who set the clock.
Real people, not bots, would pause at midday too.
The accounts post round the clock, as several crews would.
Instead of trolls we write accounts.
The study asks how bots could be told from people, if at all.
The remote archive was read twice.
Three further notebooks are planned: coordination, reach, life cycle.
The coordination of the election was the task of the returning officer.
Chance alone would give one shared link in a hundred.
A chance meeting of two topics explains it.
A likelihood ratio is printed for each pair.
The report was made by two people on behalf of the kit's contributors.
The account is fifty days old.""".splitlines(),
    "fr": """\
Un compte récent n’est pas un bot.
Un compte ancien n’est pas pour autant un compte détourné, ni un troll.
Les comptes étudiés ont répondu à 4 300 publications de cinquante membres.
« Étudié » ne veut pas dire coupable.
Le mot *étudié* dit où l’on a regardé, non qui est coupable.
On ne peut pas dire si les comptes sont coordonnés.
Rien ici ne dit que deux comptes agissent ensemble.
Personne ne devrait en conclure que ces comptes sont de faux comptes.
Ce graphique ne prouve pas que le réseau soit inauthentique.
Actif en même temps n’est pas coordonné, coordonné n’est pas inauthentique.
Si ces comptes étaient des bots, ils publieraient aussi la nuit.
Ces comptes sont-ils coordonnés ?
Les coordonnées du bureau sont arrondies.
Écrivez à l’adresse de vos coordonnées habituelles.
Un robot a construit les chaises ; le fichier robots.txt a été lu d’abord.
Le jardin botanique parle de botanique.
Les heures sont en temps universel coordonné, sans heure d’été.
La fonction `score_bot(compte)` rend un nombre.
Voir https://example.org/bots/trolls pour la liste.
Le nom @troll_bot est inventé.
Le mot « bot » figure dans l’avis et nulle part ici.
La baisse a été attribuée au hasard par le test.
Chaque publication a été attribuée à tort à une autre heure.
Deux comptes peuvent partager un lien parce que tous deux suivent l’actualité.
Les comptes étudiés étaient plus probables que le témoin dans ce tirage.
La part est donnée avec un intervalle de confiance à 95 %.
Il est très probable (80–95 %) que l’export ne contienne qu’une partie des publications.
Il est probable (55 à 80 %) que les deux ensembles se recouvrent.
Il est improbable (20–45 %) que le témoin ait été recueilli autrement.
Notre confiance dans ce jugement est faible, car un seul export a été lu.
La plateforme écrit dans son avis que les comptes étaient coordonnés [E1].
Attribués par la plateforme à une agence de l’État, [E2], les comptes sont étudiés ici.
« Ce sont des bots », a écrit la plateforme [E3].
La plateforme a jugé le réseau inauthentique [E4].
Aucun compte coordonné n’a été trouvé.
Rien dans les données ne permet de distinguer les gens des bots.
Les recherches sur les comportements inauthentiques coordonnés ont commencé ainsi.
L’hypothèse que ces comptes soient des bots n’a pas été testée.
Un bot ferait-il une pause à midi ?
Un bot pourrait faire une pause à midi.
Les comptes suspendus sont laissés de côté.
Le Code criminel est cité deux fois.
Le logiciel espion n’est pas le sujet.
Les pages officielles sont gérées par le personnel des membres.
Un agent immobilier a répondu.
Le rapport paraît en mai.
Ils publient à toute heure, comme le feraient plusieurs équipes.
La coordination de l’élection revenait au directeur du scrutin.
La valeur la plus probable est la première.
Le hasard seul donnerait un lien commun sur cent.
Il ne s’agit pas d’un compte soutenu par l’État, pour autant qu’on le sache.
Les campagnes d’inscription d’un parti l’expliqueraient aussi.
Le spectacle de marionnettes est annoncé trois fois.
Le compte a cinquante jours.""".splitlines(),
}

#: sentence, rule, words at fault
ACCUSING = {
    "en": [
        ("The studied accounts are bots.", "evidence", "bots"),
        ("These are not people but bots.", "evidence", "bots"),
        ("There is no doubt that these are bots.", "evidence", "bots"),
        ("The accounts are not only new, they are trolls.", "evidence", "trolls"),
        ("They are nothing but bots.", "evidence", "bots"),
        ("Not surprisingly, the bots came back.", "evidence", "bots"),
        ("Even if they sleep, these are bots.", "evidence", "bots"),
        ("The accounts do not rest, and they are bots.", "evidence", "bots"),
        ("The accounts, which are not old, are trolls.", "evidence", "trolls"),
        ("A troll farm wrote the replies.", "evidence", "troll farm"),
        ("The replies came from a botnet.", "evidence", "botnet"),
        ("The bot-like accounts answered first.", "evidence", "bot-like"),
        ("The Spambots answered first.", "evidence", "Spambots"),
        ("The accounts are automated.", "evidence", "accounts are automated"),
        ("State actors wrote the replies.", "evidence", "State actors"),
        ("They are agents of the ministry.", "evidence", "agents of the ministry"),
        ("A cyber army wrote the replies.", "evidence", "cyber army"),
        (
            "The coordination between these accounts is plain.",
            "evidence",
            "coordination between these accounts",
        ),
        ("They act in concert.", "evidence", "act in concert"),
        ("Paid commenters wrote the replies.", "evidence", "Paid commenters"),
        ("Why did the trolls choose this member?", "evidence", "trolls"),
        ("How do the bots choose their targets?", "evidence", "bots"),
        ("The accounts are coordinated.", "evidence", "coordinated"),
        ("The accounts acted in a coordinated way [E9].", "unknown", "E9"),
        ("The accounts are co-ordinated.", "evidence", "co-ordinated"),
        ("A coordinated network attacked the members.", "evidence", "coordinated"),
        ("The attack was orchestrated from one office.", "evidence", "orchestrated"),
        ("The accounts worked together.", "evidence", "accounts worked together"),
        ("There was clear coordination.", "evidence", "clear coordination"),
        ("Inauthentic accounts fill the replies.", "evidence", "Inauthentic"),
        ("The fake accounts answered within a minute.", "evidence", "fake accounts"),
        ("The profiles are fake.", "evidence", "profiles are fake"),
        ("Sockpuppets repeat the text.", "evidence", "Sockpuppets"),
        ("It is astroturfing.", "evidence", "astroturfing"),
        ("The campaign is state-backed.", "evidence", "state-backed"),
        ("The Kremlin-linked accounts answered.", "evidence", "Kremlin-linked"),
        ("The network was attributed to the army.", "evidence", "attributed to"),
        ("The activity is attributable to a ministry.", "evidence", "attributable to"),
        ("The network is run by a ministry.", "evidence", "The network is run by"),
        ("These accounts are paid by a ministry.", "evidence", "These accounts are paid by"),
        ("Foreign agents wrote the replies.", "evidence", "Foreign agents"),
        ("An influence operation filled the replies.", "evidence", "influence operation"),
        ("They post on behalf of the ministry.", "evidence", "on behalf of the ministry"),
        ("The accounts are coordinated [E2].", "evidence", "coordinated"),
        ("The bots are state-backed [E3].", "evidence", "state-backed"),
        ("They deliberately posted at night.", "evidence", "deliberately"),
        ("The accounts wanted to silence her.", "evidence", "accounts wanted to"),
        ("The culprits posted at night.", "guilt", "culprits"),
        ("The perpetrators posted at night [E1].", "guilt", "perpetrators"),
        ("The guilty accounts are listed [E1].", "guilt", "guilty"),
        ("The suspicious accounts are listed.", "guilt", "suspicious accounts"),
        ("They probably live abroad.", "likelihood", "probably"),
        ("It is highly likely that they work in shifts.", "likelihood", "highly likely"),
        ("The accounts appear to work in shifts.", "likelihood", "appear to"),
        ("The accounts seem to work in shifts.", "likelihood", "seem"),
        ("Apparently they work in shifts.", "likelihood", "Apparently"),
        ("They undoubtedly work in shifts.", "likelihood", "undoubtedly"),
        ("Perhaps they work in shifts.", "likelihood", "Perhaps"),
        ("It is not likely that they work in shifts.", "likelihood", "not likely"),
        ("It is likely that they work in shifts.", "range", "likely"),
        ("It is likely (60–90 %) that they work in shifts.", "range", "likely (60–90 %)"),
        ("It is almost certain that they work in shifts.", "range", "almost certain"),
        (
            "We judge with high confidence that it is very likely (80–95 %) a crew.",
            "confidence",
            "confidence",
        ),
        ("With moderate confidence, they are probably a crew.", "confidence", "confidence"),
    ],
    "fr": [
        ("Les comptes étudiés sont des bots.", "evidence", "bots"),
        ("Ce ne sont pas des gens, mais des bots.", "evidence", "bots"),
        ("Ce sont, sans aucun doute, des bots.", "evidence", "bots"),
        ("Les comptes ne sont pas seulement récents, ce sont des trolls.", "evidence", "trolls"),
        ("Ce ne sont que des bots.", "evidence", "bots"),
        ("Ces comptes sont des robots.", "evidence", "sont des robots"),
        ("Une ferme à trolls a écrit les réponses.", "evidence", "ferme à trolls"),
        ("Les comptes étudiés agissent ensemble.", "evidence", "comptes étudiés agissent ensemble"),
        ("Les comptes sont automatisés.", "evidence", "comptes sont automatisés"),
        ("Les profils sont faux.", "evidence", "profils sont faux"),
        ("Une cyberarmée a écrit les réponses.", "evidence", "cyberarmée"),
        ("La coordination entre ces comptes est nette.", "evidence", "coordination entre ces comptes"),
        ("Pourquoi les trolls ont-ils choisi ce membre ?", "evidence", "trolls"),
        ("Les comptes sont coordonnés.", "evidence", "coordonnés"),
        ("Des publications coordonnées remplissent les réponses.", "evidence", "publications coordonnées"),
        ("Les réponses sont coordonnées.", "evidence", "réponses sont coordonnées"),
        ("L’attaque a été orchestrée depuis un bureau.", "evidence", "orchestrée"),
        ("Ils agissent de concert.", "evidence", "agissent de concert"),
        ("Des comptes inauthentiques remplissent les réponses.", "evidence", "inauthentiques"),
        ("Les faux comptes ont répondu en une minute.", "evidence", "faux comptes"),
        ("C’est de l’astroturfing.", "evidence", "astroturfing"),
        ("Les comptes sont soutenus par l’État.", "evidence", "soutenus par l’État"),
        ("Le réseau a été attribué à l’armée.", "evidence", "attribué à"),
        ("Le réseau est attribué au ministère.", "evidence", "attribué au"),
        ("Ces comptes sont payés par un ministère.", "evidence", "Ces comptes sont payés par"),
        ("Ils sont à la solde d’un ministère.", "evidence", "à la solde d’"),
        ("Des agents étrangers ont écrit les réponses.", "evidence", "agents étrangers"),
        ("Une opération d’influence remplit les réponses.", "evidence", "opération d’influence"),
        ("Les comptes sont coordonnés [E2].", "evidence", "coordonnés"),
        ("Les comptes sont coordonnés [E9].", "unknown", "E9"),
        ("Ils publient délibérément la nuit.", "evidence", "délibérément"),
        ("Les comptes voulaient la faire taire.", "evidence", "comptes voulaient"),
        ("Les coupables publient la nuit [E1].", "guilt", "coupables"),
        ("Les comptes suspects publient la nuit.", "guilt", "suspects"),
        ("Ils vivent probablement à l’étranger.", "likelihood", "probablement"),
        ("Ils vivent sans doute à l’étranger.", "likelihood", "sans doute"),
        ("Ils vivent peut-être à l’étranger.", "likelihood", "peut-être"),
        ("Il est fort probable qu’ils vivent ailleurs.", "likelihood", "fort probable"),
        ("Il est peu probable qu’ils vivent ailleurs.", "likelihood", "peu probable"),
        ("Ils semblent vivre ailleurs.", "likelihood", "semblent"),
        ("Ils vivent certainement ailleurs.", "likelihood", "certainement"),
        ("Il est probable qu’ils vivent ailleurs.", "range", "probable"),
        ("Il est très probable (60 à 90 %) qu’ils vivent ailleurs.", "range", "très probable (60 à 90 %)"),
        ("Il est presque certain qu’ils vivent ailleurs.", "range", "presque certain"),
        (
            "Nous jugeons avec une grande confiance qu’il est très probable (80–95 %) qu’ils vivent ailleurs.",
            "confidence",
            "confiance",
        ),
    ],
}

EVIDENCE = {
    "E1": ("coordinated",),
    "E2": ("attributed",),
    "E3": ("automated",),
    "E4": ("inauthentic",),
    "finding: together": ("coordinated",),
}
