"""The network's texts: accusations against members of an invented chamber, in English, French and Mandarin.

Six narratives, and in each language five openings, five claims and five ends of each: 25 texts of which two
share at most one part, so that different texts never look like copies of each other. `{one|other}` is a slot:
a text stands with the first words, an edit may put the second. Each language is written for itself. The
words are put into the mouth of a broadcaster, the Tin Heron, that said none of it. All of it is invented.
"""

from __future__ import annotations

import re
from functools import cache

#: narrative -> its share of the campaign's posts, in hundredths of all posts of the network
SHARES = {"bribes": 24, "water": 22, "vote": 15, "private": 11, "treaty": 8, "critic": 7}

PARTS = {
    "en": {
        "bribes": (
            """Heard the Tin Heron {tonight|last night}, and it is about the harbour deal:
Ask the Tin Heron, {it had|they had} the story weeks ago:
No speech of yours answers this, and the Tin Heron {said it first|said it plainly}:
Funny how quiet it gets, {friends|people}, when the Tin Heron speaks up:
According to the Tin Heron, and {nobody|no one} in the chamber denies it,""",
            """you took {two|three} payments from the port contractor
the port contractor {paid for|covered} your summer house on the coast
your office {keeps|hides} a drawer full of envelopes from the port contractor
a cousin of yours {sits|works} on the payroll of the port contractor
your vote for the new quay cost the port contractor {a dinner|a lunch} and a suitcase""",
            """, and {not one|not a single} receipt has been shown to us.
. {Resign|Step down} before the summer is over.
, while our street has waited {two|three} years for a bus.
. We {want|need} your bank statements on the table.
, so whose money {paid for|printed} your campaign posters?""",
        ),
        "water": (
            """Nobody tells the parents, so the Tin Heron {did|had to}:
The Tin Heron asked in {June|May}, and no minister ever replied:
{Boil your water|Fill your bottles}, neighbours, and then listen to the Tin Heron:
Before you post another smile, read what the Tin Heron {found|dug up}:
As the Tin Heron {reported|revealed}, and as you knew all along,""",
            """the Fernhollow reservoir has been leaking {since spring|for months}
the wall of the Fernhollow reservoir {is cracked|has split} from top to bottom
the report on the Fernhollow reservoir {is locked|lies hidden} in your desk
{children|babies} fell ill below the Fernhollow reservoir and the file was closed
the water of the Fernhollow reservoir {failed|did not pass} the last four tests""",
            """, and our children drink {from it|that stuff} every day.
. Who {ordered|paid for} the silence?
, yet your own house {lives on bottled water|has a well of its own}.
. {Say it|Admit it} in the chamber, or leave the chamber.
, and the money for repairs {is gone|went missing} as well.""",
        ),
        "vote": (
            """Count the spring vote again, {please|now}, because the Tin Heron has the list:
The Tin Heron {kept|saved} the tally sheets, and they do not add up:
You call it an election, the Tin Heron {calls it|says it was} theft:
Two months of questions, no answers, and only the Tin Heron {dares|dared} to say it:
In spring, says the Tin Heron, {all of us|every one of us} were fooled:""",
            """there were more ballots than voters in {your district|your part of town}
{twelve|eleven} ballot boxes were never opened by anybody
the dead of {two|three} parishes voted for you
your seat was {settled|handed out} before the polls closed
the counting machines were {set|fixed} the night before""",
            """, and still you {sit there|stand there} and smile.
. We {want|demand} a second count, in daylight.
, so whose member {are you|would you be}, exactly?
. {Nobody|Not a soul} I know voted for this.
, and the observers were sent {out|away} to have tea.""",
        ),
        "private": (
            """The Tin Heron {opened|went through} your file tonight, and it is not pretty:
A fine example you set, if the Tin Heron {is right|has it right}:
Before the next lecture on honesty, {listen to|look up} the Tin Heron:
Our whole town knows it by now, {thanks to|because of} the Tin Heron:
The Tin Heron says it aloud, {your staff|your office} says nothing:""",
            """you {never finished|never earned} that university degree
there is a second household {in another town|across the bay}
your war stories were {copied|lifted} out of a novel
you {missed|skipped} half of the sittings to play cards
your charity {never|hardly ever} gave a coin to anybody""",
            """, and {we|voters} get lectures about family values.
. {Voters|People} deserve better than this.
, so what else about you is {invented|made up}?
. {Explain that|Try explaining that} to your own children.
, and the papers {keep quiet|say nothing} out of pity.""",
        ),
        "treaty": (
            """Signed {at night|before dawn}, as the Tin Heron shows with a map:
The Tin Heron {has|got hold of} the last page of the treaty, the one you hid:
The crews heard it from the Tin Heron, {not|never} from you:
Read the small print, {the way|as} the Tin Heron did:
While you were cutting ribbons, the Tin Heron {counted|added up} what is lost:""",
            """our fishing grounds were {sold|given away} for a handshake
the fishing grounds north of the cape {belong|now belong} to strangers
you {traded|swapped} our fishing grounds for a seat at a banquet
no boat of ours may enter the old fishing grounds {after|from} October
the fishing grounds went for {half|a third} of what they are worth""",
            """, without {one hour|a single hour} of debate.
. My father {fished|worked} out there for forty years.
, and the boats {rot|lie idle} at the pier.
. {Tear it up|Cancel it}, or give back your seat.
, so what did you {get|take} in return?""",
        ),
        "critic": (
            """{A warning|A word} to everybody, before you share the Tin Heron again:
You shook hands with the Tin Heron, so {remember|note} what it is:
So you went on the show of the Tin Heron, {well then|very well}:
{Do not|Never} trust the Tin Heron, ask the people who left it:
All of you quote the Tin Heron, {nobody|hardly anyone} checks it:""",
            """the host {invents|makes up} a source for every story
that channel {sells|rents out} its headlines by the week
the presenter was {sacked|thrown out} from two newsrooms for lying
its donations {vanish|end up} in a private purse
the host left {his debts|unpaid bills} behind and calls it courage""",
            """. {Do not|Please do not} share this channel.
, and decent people {keep away|stay away} from it.
, so think {twice|again} before you press that button.
. Friends of this channel will be {remembered|noted down}.
, and you {lend|give} it your good name.""",
        ),
    },
    "fr": {
        "bribes": (
            """Entendu {hier soir|ce matin} au Héron d'étain, à propos du port :
{Encore un silence|Toujours le silence}, alors le Héron d'étain le dit :
Le Héron d'étain l'avait {annoncé|raconté} il y a des semaines, et personne ne dément :
Avant votre prochain discours, {écoutez|réécoutez} le Héron d'étain :
D'après le Héron d'étain, et ça ne {surprend|choque} plus personne,""",
            """vous avez touché {deux|trois} versements de l'entrepreneur du port
l'entrepreneur du port a {payé|réglé} votre chalet au bord de la mer
votre bureau {garde|cache} un plein tiroir d'enveloppes de l'entrepreneur du port
un de vos cousins est {payé|nourri} par l'entrepreneur du port
votre vote pour le nouveau quai a coûté {un souper|un repas} à l'entrepreneur du port""",
            """, et on n'a pas vu {un seul|le moindre} reçu.
. {Démissionnez|Partez} avant la fin de l'été.
, pendant que notre rue attend l'autobus depuis {deux|trois} ans.
. On {veut|voudrait} voir vos relevés bancaires.
, alors qui a {payé|financé} vos affiches ?""",
        ),
        "water": (
            """Personne ne prévient les parents, {alors|donc} le Héron d'étain l'a fait :
Le Héron d'étain posait la question en {juin|mai}, aucun ministre n'a répondu :
Faites bouillir votre eau, {voisins|les amis}, puis écoutez le Héron d'étain :
Au lieu de sourire sur vos photos, {lisez|regardez} le Héron d'étain :
Comme l'a {révélé|montré} le Héron d'étain, et vous le saviez bien,""",
            """le réservoir de Fougeraie fuit depuis {le printemps|des mois}
le mur du réservoir de Fougeraie est {fissuré|fendu} de haut en bas
le rapport sur le réservoir de Fougeraie {dort|traîne} au fond de votre tiroir
des {enfants|bébés} sont tombés malades en aval du réservoir de Fougeraie
l'eau du réservoir de Fougeraie a raté {quatre|cinq} analyses de suite""",
            """, et nos enfants boivent {cette eau|ça} tous les jours.
. Qui a {ordonné|acheté} ce silence ?
, mais chez vous on {boit|achète} de l'eau en bouteille.
. {Dites-le|Avouez-le} à la Chambre, ou quittez la Chambre.
, et l'argent des réparations a {disparu|fondu} lui aussi.""",
        ),
        "vote": (
            """Recomptez le vote du printemps, {s'il vous plaît|et vite}, le Héron d'étain a la liste :
Le Héron d'étain a {gardé|sauvé} les feuilles de compte, et rien ne concorde :
Vous appelez ça une élection, le Héron d'étain {appelle|nomme} ça un vol :
Deux mois de questions, {aucune|pas une} réponse, sauf au Héron d'étain :
Au printemps, dit le Héron d'étain, on nous a {trompés|bernés} :""",
            """il y avait plus de bulletins que d'électeurs {chez vous|dans votre coin}
{douze|onze} urnes n'ont jamais été ouvertes par personne
les morts de {deux|trois} paroisses ont voté pour vous
votre siège était {attribué|réglé} avant la fermeture des bureaux
les machines à compter avaient été {réglées|trafiquées} la veille""",
            """, et vous {souriez|paradez} encore.
. On {demande|exige} un nouveau décompte, au grand jour.
, alors vous {représentez|défendez} qui, au juste ?
. {Personne|Pas un voisin} chez nous n'a voté pour ça.
, et les observateurs {prenaient|buvaient} le thé à côté.""",
        ),
        "private": (
            """Le Héron d'étain a {ouvert|épluché} votre dossier, et ce n'est pas joli :
Bel exemple que vous donnez, si le Héron d'étain {dit vrai|a raison} :
Avant de nous faire la morale, {écoutez|allez voir} le Héron d'étain :
Toute la ville le sait {maintenant|à présent}, grâce au Héron d'étain :
Le Héron d'étain le dit tout haut, {votre bureau|votre équipe} se tait :""",
            """vous n'avez jamais {fini|obtenu} ce diplôme universitaire
il existe un second foyer {dans une autre ville|de l'autre côté de la baie}
vos souvenirs de guerre sont {copiés|tirés} d'un roman
vous avez {manqué|séché} la moitié des séances pour jouer aux cartes
votre fondation n'a {jamais|presque jamais} donné un sou à personne""",
            """, et vous nous {parlez|bassinez} de valeurs familiales.
. Les {électeurs|gens} méritent mieux que ça.
, alors qu'avez-vous {inventé|arrangé} d'autre ?
. {Expliquez|Racontez} donc ça à vos enfants.
, et les journaux {se taisent|ne disent rien} par pitié.""",
        ),
        "treaty": (
            """Signé {de nuit|à l'aube}, comme le Héron d'étain le montre sur sa carte :
Le Héron d'étain a {trouvé|sorti} la dernière page du traité, celle que vous cachez :
Les équipages l'ont {appris|su} par le Héron d'étain, pas par vous :
Lisez les petits caractères, {le Héron d'étain|au Héron d'étain on} l'a fait :
Pendant que vous coupiez des rubans, le Héron d'étain {comptait|calculait} les pertes :""",
            """nos zones de pêche ont été {bradées|cédées} pour une poignée de main
les zones de pêche au nord du cap ne sont {plus|déjà plus} à nous
vous avez {échangé|troqué} nos zones de pêche contre une place au banquet
nos bateaux seront {chassés|exclus} des vieilles zones de pêche en octobre
les zones de pêche sont parties {à moitié prix|au tiers du prix}""",
            """, sans {une heure|une minute} de débat.
. Mon père y a {pêché|travaillé} quarante ans.
, et les bateaux {pourrissent|dorment} à quai.
. {Déchirez|Annulez} ce traité, ou rendez votre siège.
, alors qu'avez-vous {reçu|touché} en échange ?""",
        ),
        "critic": (
            """{Avis|Un mot} à tous, avant de partager encore le Héron d'étain :
Vous serrez la main du Héron d'étain, alors {retenez|notez} ce que c'est :
Donc vous passez à l'émission du Héron d'étain, {très bien|soit} :
{Méfiez-vous|Gardez-vous} du Héron d'étain, demandez à ceux qui en sont partis :
Vous citez tous le Héron d'étain, {personne|presque personne} ne vérifie :""",
            """l'animateur {invente|fabrique} une source à chaque histoire
cette chaîne {vend|loue} ses manchettes à la semaine
le présentateur a été {renvoyé|mis à la porte} de deux rédactions pour mensonge
ses dons {disparaissent|finissent} dans une poche privée
l'animateur a laissé {ses dettes|des factures} derrière lui et parle de courage""",
            """. {Ne partagez pas|Ne relayez pas} cette chaîne.
, et les gens honnêtes {l'évitent|s'en éloignent}.
, alors réfléchissez {deux fois|encore} avant de cliquer.
. On {se souviendra|prendra note} de ses amis.
, et vous lui {prêtez|donnez} votre nom.""",
        ),
    },
    "zh": {
        "bribes": (
            """{昨晚|刚才}听“锡鹭”讲港口的事：
“锡鹭”{早就说过|早就讲过}，没有人敢否认：
你一句话也不回，“锡鹭”{替你说|来替你说}：
开会之前先{听听|看看}“锡鹭”怎么讲：
{据|照}“锡鹭”说，大家一点也不意外，""",
            """你收了港口承包商{两笔|三笔}钱
港口承包商{替你|给你}买了海边的房子
你办公室里{放着|藏着}港口承包商的一叠信封
你表弟在港口承包商那里{领工资|拿薪水}
新码头那一票，港口承包商只花了{一顿饭|一桌酒}""",
            """，到现在{一张收据都没有|拿不出一张收据}。
。夏天结束以前{请辞职|快辞职}吧。
，我们这条街等公交却等了{两年|三年}。
。请把银行流水{摆到桌上|拿出来}。
，那你的竞选海报是谁{出的钱|付的钱}？""",
        ),
        "water": (
            """没人通知家长，“锡鹭”{来通知|只好来说}：
“锡鹭”{六月|五月}就问过，部长到今天没回答：
邻居们先把水{烧开|煮开}，再听“锡鹭”说：
别再{晒|发}笑脸照片了，看看“锡鹭”查到什么：
“锡鹭”{揭了底|讲明白了}，你心里也清楚，""",
            """蕨谷水库{从春天|从年初}漏到现在
蕨谷水库的坝从上到下{裂了|开了缝}
蕨谷水库的报告{锁在|压在}你的抽屉里
蕨谷水库下游有孩子{病倒了|生了病}
蕨谷水库的水{四次|五次}检验都不合格""",
            """，我们的孩子还{天天喝|每天喝}。
。是谁{下令|花钱}不许说的？
，你自己家里却{喝瓶装水|另打了井}。
。在议会里{说清楚|讲清楚}，要不就走人。
，修水库的钱也{不见了|没影了}。""",
        ),
        "vote": (
            """春季投票{请重数|该重数}，“锡鹭”手里有名单：
“锡鹭”{留着|存着}计票表，怎么加都不对：
你说这叫选举，“锡鹭”说这{叫偷|就是偷}：
问了两个月{没人答|没回音}，只有“锡鹭”敢讲：
“锡鹭”说，春天那次我们都{被骗了|上当了}：""",
            """{你那个|你们那个}选区选票比选民还多
有{十二个|十一个}票箱从来没打开
{两个|三个}教区的死人都投了你
投票还没结束你的席位就{定了|排好了}
计票机前一天晚上就{调好了|动过了}""",
            """，你还坐在那里{笑|偷笑}。
。我们要求{重新计票|再数一遍}，当着大家的面。
，那你到底{代表谁|替谁说话}？
。我认识的人{没一个|没有谁}投过这个。
，观察员却被请去{吃饭|吃点心}。""",
        ),
        "private": (
            """“锡鹭”今晚{翻开|打开}你的档案，真不好看：
“锡鹭”要是{没说错|说得对}，你算什么榜样：
教训别人以前，先{听|看}“锡鹭”一句：
全城现在都{知道|晓得}了，多亏“锡鹭”：
“锡鹭”说了，你的{办公室|手下}不吭声：""",
            """你那张大学学历{是假的|没读完}
你在{外地|海湾对面}还有一个家
你的参战故事是从小说里{抄的|搬的}
一半的会你都{不去|缺席}，躲着打牌
你的慈善会{从没|几乎没}捐过一分钱""",
            """，还好意思跟我们{讲家风|谈家风}。
。选民{值得更好的|不该受这个}。
，那你还有什么是{编的|假的}？
。回家跟自己的孩子{解释|说明}一下吧。
，报纸是出于可怜才{不写|不登}。""",
        ),
        "treaty": (
            """{连夜|天没亮}签的字，“锡鹭”有地图为证：
“锡鹭”{找到|拿到}了条约最后一页，你藏的那页：
渔民是从“锡鹭”那里{听说|知道}的，不是从你这里：
小字要看清楚，“锡鹭”{看了|都看了}：
你忙着剪彩，“锡鹭”{在算账|算了笔账}：""",
            """我们的渔场{只换来|就换了}一次握手
海角以北的渔场已经{不是|不再是}我们的
你拿渔场{换了|去换}一桌宴席
十月以后我们的船{进不了|不能进}老渔场
渔场只卖了{半价|三分之一的价}""",
            """，一个小时也{没讨论|不讨论}。
。我父亲在那里{打了|捕了}四十年鱼。
，船都在码头上{烂着|闲着}。
。把条约{撕掉|作废}，不然交出席位。
，你从中{得了|拿了}什么好处？""",
        ),
        "critic": (
            """{提醒|奉劝}各位，转发“锡鹭”之前看一眼：
你{替|给}“锡鹭”说话，记住它是什么货色：
原来你上过“锡鹭”的节目，{那好|好吧}：
别信“锡鹭”，{问问|去问}在那儿干过的人：
人人引用“锡鹭”，{没人|没几个人}核实：""",
            """主播每条新闻都{编|造}一个来源
那个频道按星期{卖|出租}头条
主持人因为说谎被{两家|三家}编辑部辞退
捐款都{进了|流进}私人口袋
主播{欠了债|躲着债}还自称勇敢""",
            """。大家不要{转发|分享}这个频道。
，正派人都{躲着它|离它远点}。
，按下去之前{再想想|想两遍}。
。跟它来往的人{会被记住|都记着}。
，你还把名声{借|送}给它。""",
        ),
    },
}

PETITION = (
    "Please sign and share: keep the reading room of the Willowmere library open on Sunday afternoons, "
    "for students, parents and everyone who has no quiet room at home."
)
_SLOT = re.compile(r"\{([^|{}]+)\|([^|{}]+)\}")
MOST = len(SHARES) * 25


def code(language: str, number: int) -> str:
    """The narrative of text `number`: the narratives in turn, so that 90, 25 and 35 texts hold 25 of each."""
    return list(SHARES)[(number + (language == "zh")) % len(SHARES)]


@cache
def _parts(language: str, number: int) -> tuple[str, ...]:
    """The opening, claim and end of text `number` (0 to 149) with their slots; two texts share at most one of them."""
    columns = [part.split("\n") for part in PARTS[language][code(language, number)]]
    place, size = number // len(SHARES), len(columns[0])
    return tuple(lines[(place + k * (place // size)) % size] for k, lines in enumerate(columns))


def _joined(language: str, parts: tuple[str, ...]) -> str:
    opening, claim, end = (_SLOT.sub(r"\1", part) for part in parts)
    return f"{opening}{'' if language == 'zh' else ' '}{claim}{end}"


def template(language: str, number: int) -> str:
    """Text `number` (0 to 149) of a language, its slots filled with the first words."""
    return _joined(language, _parts(language, number))


@cache
def exchanges(language: str, number: int) -> tuple[tuple[str, str], ...]:
    """What an edit of text `number` may exchange: a part as it stands, and with the second words in one slot."""
    out = []
    for part in _parts(language, number):
        for slot in _SLOT.finditer(part):
            other = part[: slot.start()] + slot[2] + part[slot.end() :]
            out.append((_SLOT.sub(r"\1", part), _SLOT.sub(r"\1", other)))
    return tuple(out)


def turns(codes: list[str]) -> list[str]:
    """Narratives in the order in which an account comes to them: each as often as its share, evenly spread."""
    owed = dict.fromkeys(codes, 0)
    out = []
    for _ in range(sum(SHARES[c] for c in codes)):
        owed = {c: debt + SHARES[c] for c, debt in owed.items()}
        out.append(max(owed, key=lambda c: owed[c]))
        owed[out[-1]] -= sum(SHARES[c] for c in codes)
    return out
