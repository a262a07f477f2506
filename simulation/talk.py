"""What ordinary people write here: many short sentences from a small grammar, hardly ever the same.

Harmless filler about invented places; slots in braces are filled from the lists.
"""

from __future__ import annotations

from collections.abc import Iterator

SLOTS = {
    "en": {
        "thing": "the ferry timetable|our footbridge|the night bus|that budget table|the new crosswalk|the skating rink|"
        "the town archive|the river cleanup|the seed library|the train platform|this proposal|the broadband plan|"
        "the parking map|the water meter|the summer camp|the bike shelter|the grain elevator|the public pool|"
        "the school roof|the dog park|the snow clearing|the harbour wall|the arts grant|the clinic hours|"
        "the farm market|the recycling depot|the weather radar|the ice road|the tree nursery|the bus shelter",
        "place": "in Willowmere|near the canal|up in Fernhollow|by the old mill|on Larkspur Street|at the depot|"
        "across the valley|in Copperbay|down at the pier|around Quincefen|in our township|behind the arena|"
        "on the east side|at Thistle Lake|in Gannet Cove|out past the silo|in Birchfall|by the fairground|"
        "on the island|in the north end|near Otterhook|at the crossroads|in Saltmarsh|on the plateau",
        "who": "my sister|a neighbour|our mail carrier|the coach|my landlord|half my class|our crew|a retired teacher|"
        "my uncle|the baker|a colleague|the night nurse|my roommate|the librarian|my father|a tourist|"
        "the choir|my daughter|the mechanic|our book club|the crossing guard|my old boss|a farmer I know|my team",
        "verb": "asked about|loves|keeps mentioning|never noticed|wrote a poem about|measured|photographed|gave up on|"
        "finally tried|drew a map of|volunteered for|compared notes on|laughed about|is curious about|voted on|"
        "read up on|made a chart of|has doubts about|told me about|walked past|fixed|is proud of|filmed|budgeted for",
        "when": "yesterday|this morning|last winter|since June|on Tuesday|for eleven years|after supper|at dawn|"
        "twice this week|during the storm|before work|on the holiday|all summer|around noon|in the spring|every fall|"
        "until late|the other day|back in April|on payday|between shifts|over lunch|a while ago|in 2019",
        "feel": "hopeful|unsure|grateful|a bit tired|curious|pleased|confused|patient|amused|relieved|sceptical|calm|"
        "excited|torn|impressed|worried|happy|cautious|puzzled|glad|indifferent|surprised|proud|restless",
        "do": "plant tomatoes|fix the gutters|take the early bus|bake rye bread|learn the accordion|paint the porch|"
        "count loons|read the report|ride to the lake|call the office|knit a scarf|clean the canoe|write it down|"
        "watch the hearing|sort the mail|cook chili|sharpen skates|visit the museum|stack firewood|fly a kite|"
        "grow garlic|tune the piano|walk the dog|press apples",
        "number": "two|three|four|five|six|nine|a dozen|fifteen|twenty|thirty-one|forty|sixty|about ninety|a hundred",
    },
    "fr": {
        "thing": "l'horaire du traversier|la passerelle|l'autobus de nuit|ce budget|le passage piéton|la patinoire|"
        "les archives|la corvée de la rivière|la grainothèque|le quai de la gare|cette proposition|le wifi public|"
        "le stationnement|la piscine|le camp d'été|l'abri à vélos|le marché fermier|le toit de l'école|le déneigement|"
        "la clinique|l'écocentre|la route de glace|la pépinière|le théâtre de quartier",
        "place": "à Saulemère|près du canal|à Fougeraie|au vieux moulin|sur la rue des Alouettes|au dépôt|dans la vallée|"
        "à Baie-du-Cuivre|au bout du quai|dans notre canton|derrière l'aréna|du côté est|au lac Chardon|sur l'île|"
        "dans le nord|au carrefour|près de la Pointe|à Boulereau",
        "who": "ma soeur|un voisin|notre factrice|l'entraîneur|mon oncle|la boulangère|un collègue|ma coloc|"
        "le bibliothécaire|mon père|une touriste|la chorale|ma fille|le mécanicien|mon équipe|une amie de Fougeraie",
        "verb": "a mentionné|adore|a photographié|n'a jamais remarqué|a mesuré|se questionne sur|a enfin essayé|"
        "a oublié|a filmé|surveille|a réparé|a noté|s'inquiète pour|a dessiné|a lu un livre sur|a voté pour",
        "when": "hier|ce matin|l'hiver dernier|depuis juin|mardi|depuis onze ans|après le souper|à l'aube|"
        "deux fois cette semaine|pendant l'orage|avant le travail|tout l'été|vers midi|au printemps|l'autre jour|en 2019",
        "feel": "confiant|incertain|reconnaissant|un peu fatigué|curieux|content|perplexe|patient|amusé|soulagé|"
        "sceptique|calme|partagé|impressionné|prudent|surpris",
        "do": "planter des tomates|réparer la gouttière|prendre le premier bus|cuire du pain|apprendre l'accordéon|"
        "peindre la galerie|compter les huards|lire le rapport|aller au lac|appeler le bureau|tricoter|"
        "laver le canot|écouter l'audience|cuisiner un chili|corder du bois|visiter le musée",
        "number": "deux|trois|quatre|cinq|six|neuf|une douzaine de|quinze|vingt|trente|quarante|soixante",
    },
    "zh": {
        "thing": "渡轮时刻表|新的步行桥|夜间公交|预算表|人行横道|溜冰场|市档案馆|河道清理|公共泳池|学校的屋顶|農夫市集|"
        "回收站|樹苗場|診所的時間|單車棚|天气雷达|除雪安排|社區中心|港口的堤岸|图书馆",
        "place": "在柳湖镇|运河附近|旧磨坊旁边|云雀街上|山谷那边|码头尽头|我們社區|体育馆后面|東邊|蓟湖|岛上|北区|十字路口|塘鵝灣",
        "who": "我姐姐|一位邻居|送信的大姐|教练|舅舅|面包师|两个同事|室友|圖書館員|父母|合唱团|我女兒|修车师傅|我们球队",
        "verb": "问起过|很喜欢|总提到|从没注意过|拍过|量过|画过|終於試了|笑着谈起|担心|记得|寫過一首關於|很好奇|修好了",
        "when": "昨天|今天早上|去年冬天|从六月起|星期二|这十一年|晚饭后|天刚亮|這個星期兩次|下雨的时候|上班以前|整个夏天|中午|前几天",
        "feel": "有希望|不确定|感激|有点累|好奇|高兴|糊涂|有耐心|安心|怀疑|平静|佩服|擔心|意外",
        "do": "种番茄|修水管|坐早班车|烤面包|学手风琴|刷门廊|数水鸟|看报告|去湖边|織圍巾|洗独木舟|煮辣豆|劈柴|參觀博物館",
        "number": "两|三|四|五|六|九|十二|十五|二十|三十一|四十|六十",
    },
}

SENTENCES = {
    "en": """{who} {verb} {thing} {when}.
I feel {feel} about {thing} {place} {when}.
Could you say more about {thing} {place}? {who} is {feel}.
{number} people waited {place} {when}, {who} too.
{when} I wanted to {do}, then {who} {verb} {thing}.
Honestly {feel}. {thing} {place} needs {number} more volunteers.
Does anyone {place} know why {thing} closed {when}?
Going to {do} {when}, anyone else {place}?
{thing} took {number} months and I am still {feel}.
Thanks for visiting {place} {when}, {who} was {feel}.
It rained {place} {when} so I stayed in to {do}.
{thing} first, {thing} {when}, then we {do}.
{number} emails {when} and no word on {thing} {place}.
Nice photo, is that {place}?
Hard to agree: {who} needs {thing} more than {thing} {place}.
{who} says {thing} will cost {number} thousand, I am {feel}.
Reminder that {who} {verb} {thing} {when}, worth a look.
Not sure this helps {who} {place}, but good luck with {thing}.
Would rather {do} {place} than argue about {thing} {when}.
{feel} to hear it. {who} lives {place} and {verb} {thing}.
Fix {thing} {place} before {thing}, says {who}.
Same here {place}, we had to {do} {when}.
What about {thing}? {who} {verb} it {when}.
Good meeting {place} {when}, {number} of us came.""",
    "fr": """{who} {verb} {thing} {when}.
Je reste {feel} devant {thing} {place}.
Pouvez-vous en dire plus sur {thing} {place} ?
On a compté {number} personnes {place} {when}.
{when} je voulais {do}, puis {who} {verb} {thing}.
Quelqu'un sait pourquoi {thing} a fermé {when} ?
Je vais {do} {when}, qui vient {place} ?
{thing} a pris {number} mois et je suis encore {feel}.
Merci d'être passé {place}, {who} était là {when}.
Il a plu {when}, alors j'ai pu {do}.
D'abord {thing} {place}, ensuite {thing}, dit {who}.
Pas d'accord, {thing} {place} passe avant {thing}.
J'aime mieux {do} {place} que d'en discuter {when}.
Belle photo, c'est {place} ?
Et {thing} ? {who} {verb} ça {when}.
Bonne rencontre {place} {when}, on était {number} personnes.""",
    "zh": """{who}{when}{verb}{thing}。
关于{place}的{thing}，我还是{feel}。
能不能多讲讲{place}的{thing}？
{when}我们在{place}数到{number}个人。
{when}本来想{do}，结果{who}{verb}{thing}。
有人知道{thing}{when}为什么关门吗？
{when}去{do}，{place}还有人来吗？
{thing}花了{number}个月，我有點{feel}。
谢谢你来{place}，{who}很{feel}。
先做{place}的{thing}，{when}再谈{thing}吧。
我不同意，{who}说{place}的{thing}比{thing}重要。
与其{when}争论{thing}，不如去{place}{do}。""",
}

SHORT = {
    "en": "Well said|Thank you|Good point|Congratulations|Agreed|No thanks|Interesting|See you there|Not convinced|"
    "Great work|Hmm|Any update?|Same here|Why though|Love this|First time I hear this",
    "fr": "Bien dit|Merci|Bon point|Félicitations|D'accord|Non merci|Intéressant|À bientôt|Pas convaincu|Beau travail",
    "zh": "说得好|谢谢|有道理|恭喜|同意|不用了|有意思|到时见|沒被說服|辛苦了",
}

#: what ordinary people say of the port contractor and of the reservoir, which the network writes about too
COMPLAINTS = {
    "en": {
        "bribes": """What does the port contractor get for all this? {who} asked {when}.
The port contractor blocked our street again {when}, {number} trucks.
{who} used to work for the port contractor and is {feel}.
Could we see the bill of the port contractor? I am {feel}.
The port contractor says {number} months, {who} says years.""",
        "water": """Any news of the Fernhollow reservoir? The water tasted odd {when}.
{who} drove up to the Fernhollow reservoir {when}, the level is low.
Please look at the Fernhollow reservoir before you promise {number} other things.
{number} of us walked around the Fernhollow reservoir {when}.
{who} is {feel} about the Fernhollow reservoir and so am I.""",
    },
    "fr": {
        "bribes": """Ça coûte combien, l'entrepreneur du port ? On a posé la question {when}.
Encore les camions de l'entrepreneur du port dans notre rue {when}.
Avec l'entrepreneur du port, j'attends de voir et je reste {feel}.""",
        "water": """Des nouvelles du réservoir de Fougeraie ? L'eau avait un drôle de goût {when}.
On a marché jusqu'au réservoir de Fougeraie {when}, le niveau est bas.
Je suis {feel} pour le réservoir de Fougeraie, vous ferez quoi ?""",
    },
    "zh": {
        "bribes": """港口承包商又把路堵了，{when}有{number}辆卡车。
港口承包商到底要花多少钱？{who}{when}问过。""",
        "water": """蕨谷水库有消息吗？{when}的水味道怪。
{who}{when}去蕨谷水库走了走，水位很低。""",
    },
}

#: earlier posts of the people whose accounts were taken over, in four languages
FORMER = {
    "es": """Hoy {number} amigos fuimos a {do} y terminamos {feel}
Qué {feel} estoy con {thing} de mi barrio
Alguien quiere {do} este domingo, llevo {thing}
Mi abuela dice que {thing} era mejor, yo quedé {feel}""",
    "id": """Hari ini {number} teman ikut {do}, rasanya {feel}
Aku {feel} sekali dengan {thing} di kampung
Siapa mau {do} hari Minggu, aku bawa {thing}
Kata nenek {thing} dulu lebih bagus, aku jadi {feel}""",
    "pt": """Hoje {number} amigos foram {do} e voltei {feel}
Estou {feel} com {thing} da minha rua
Quem quer {do} no domingo, eu levo {thing}
Minha avó diz que {thing} era melhor, fiquei {feel}""",
}
FORMER_SLOTS = {
    "es": {
        "number": "dos|tres|cinco|siete|ocho|diez",
        "do": "cocinar arroz|jugar ajedrez|pescar|pintar la casa|bailar|tocar guitarra|sembrar maíz|andar en bici",
        "feel": "felices|contento|cansado|tranquilo|sorprendido|orgulloso",
        "thing": "el mercado|la plaza|el café|la biblioteca|el equipo|la panadería|el río|la feria",
    },
    "id": {
        "number": "dua|tiga|lima|tujuh|delapan|sepuluh",
        "do": "masak nasi|main catur|memancing|mengecat rumah|menari|main gitar|tanam jagung|naik sepeda",
        "feel": "senang|puas|lelah|tenang|heran|bangga",
        "thing": "pasar|taman|kopi|perpustakaan|tim bola|toko roti|sungai|pameran",
    },
    "pt": {
        "number": "dois|três|cinco|sete|oito|dez",
        "do": "cozinhar arroz|jogar xadrez|pescar|pintar a casa|dançar|tocar violão|plantar milho|pedalar",
        "feel": "feliz|contente|cansado|tranquilo|surpreso|orgulhoso",
        "thing": "a feira|a praça|o café|a biblioteca|o time|a padaria|o rio|o mercado",
    },
}

_LISTS = {
    language: {slot: words.split("|") for slot, words in slots.items()}
    for language, slots in (SLOTS | FORMER_SLOTS).items()
}
_PATTERNS = {language: lines.split("\n") for language, lines in (SENTENCES | FORMER).items()}
_SHORT = {language: words.split("|") for language, words in SHORT.items()}


def _choose(options: list[str], numbers: Iterator[float]) -> str:
    return options[int(next(numbers) * len(options))]


def sentence(language: str, numbers: Iterator[float]) -> str:
    """One sentence of a language; `numbers` gives uniform numbers."""
    return _filled(_choose(_PATTERNS[language], numbers), language, numbers)


def complaint(language: str, about: str, numbers: Iterator[float]) -> str:
    """What one person grumbles about: a narrative of `COMPLAINTS`; English where the language has none."""
    language = language if language in COMPLAINTS else "en"
    return _filled(_choose(COMPLAINTS[language][about].split("\n"), numbers), language, numbers)


def _filled(out: str, language: str, numbers: Iterator[float]) -> str:
    for slot, options in _LISTS[language].items():
        while "{" + slot + "}" in out:
            out = out.replace("{" + slot + "}", _choose(options, numbers), 1)
    return out[:1].upper() + out[1:]


def remark(language: str, numbers: Iterator[float]) -> str:
    """What one person writes under a post: now and then two words, mostly one to three sentences."""
    kind = next(numbers)
    if language not in _SHORT:  # earlier posts of former owners
        return sentence(language, numbers)
    if kind < 0.07:
        return _choose(_SHORT[language], numbers)
    count = 1 if kind < 0.55 else 2 if kind < 0.9 else 3
    return ("" if language == "zh" else " ").join(sentence(language, numbers) for _ in range(count))
