"""The network's texts: harmless filler from three parts, in English, French and Mandarin.

Each language has 23 openings, 23 middles and 23 ends. Two templates share at most
one part, so that different templates never look like copies of each other.
"""

from __future__ import annotations

OPENINGS = {
    "en": """After reading the notice about the harbour ferry
When the lamps along the canal came on last night
Before the summer market closes for the season
While my neighbours were painting the old boathouse
Since the new footbridge opened beside the mill
Whenever the library bell rings at half past four
Because the orchard path floods every second spring
Now that the choir has moved into the brick hall
If the weather on the lake stays this mild
As someone who walks to work past the greenhouse
Having waited a long hour for the valley bus
During the quiet weeks between two holidays
Once the bakery on the corner finishes its repairs
Although the clock on the station has stopped again
With so many kites above the meadow this month
Even after the lighthouse received its fresh coat of paint
Just as the first geese were crossing the marsh
Every time I look at the map of the bicycle lanes
Long before anyone thought about the winter fair
Thanks to the volunteers who swept the market square
Until the last ticket for the puppet theatre is sold
Between the rain on Monday and the fog on Thursday
Whatever happens to the plan for the botanical garden""",
    "fr": """Après avoir lu l'avis sur le traversier du port
Quand les lampes du canal se sont allumées hier soir
Avant que le marché d'été ne ferme pour la saison
Pendant que mes voisins peignaient le vieux hangar
Depuis que la passerelle est ouverte près du moulin
Chaque fois que la cloche de la bibliothèque sonne
Comme le sentier du verger est inondé au printemps
Maintenant que la chorale répète dans la salle de brique
Si le temps reste aussi doux sur le lac
En passant à pied devant la grande serre
Après une longue heure d'attente à l'arrêt de la vallée
Durant les semaines tranquilles entre deux congés
Dès que la boulangerie du coin aura fini ses travaux
Bien que l'horloge de la gare soit encore arrêtée
Avec autant de cerfs-volants au-dessus du pré
Même après la nouvelle peinture du phare
Juste au moment où les oies traversaient le marais
En regardant la carte des pistes cyclables
Bien avant que l'on pense à la foire d'hiver
Grâce aux bénévoles qui ont balayé la place
Jusqu'à la dernière place du théâtre de marionnettes
Entre la pluie de lundi et le brouillard de jeudi
Quoi qu'il arrive au projet de jardin botanique""",
    "zh": """看到港口渡轮的通知以后
昨晚运河边的路灯亮起来的时候
趁夏天的集市还没有结束
邻居们正在粉刷旧船屋的那天
自从磨坊旁边的新步行桥通车
每当图书馆的钟声在下午响起
因为果园的小路每到春天就积水
合唱团搬进红砖礼堂之后
如果湖上的天气一直这样温和
每天步行经过那座温室去上班
等了整整一个小时的山谷公交
在两个假期之间安静的几周里
等街角的面包店装修完工
虽然车站的大钟又停了
这个月草地上空有那么多风筝
灯塔刚刚刷上新油漆
第一群大雁飞过湿地的早晨
每次打开自行车道的地图
早在大家想起冬季庙会之前
多亏志愿者打扫了市场广场
木偶剧院最后一张票卖完以前
星期一的雨和星期四的雾之间
无论植物园的计划怎样变化""",
}

MIDDLES = {
    "en": """I would still like the timetable printed in large letters
we all agreed that a second bench belongs near the pond
the children counted eleven herons on a single morning
nobody could find the key to the old observatory
my cousin promised to bring her recipe for plum cake
there ought to be a warmer waiting room at the pier
it seems fair to plant maples on both sides of the lane
a longer evening opening would help students and nurses
the museum of clocks deserves a much better signpost
people keep asking where the seed exchange will be held
our street could use a gentle reminder about recycling
the brass band should rehearse outdoors more often
someone must answer the letters about the swimming hall
I kept a careful list of every broken paving stone
the ferry captain told us a story about two lost umbrellas
the school kitchen might try the soup with roasted pumpkin
a small lending shelf for tools would please the village
the weather station reported wind from four directions
we finally measured how deep the duck pond really is
the poster for the lantern evening has a lovely border
my grandfather repairs radios in the shed behind the barn
the tram driver waved to each passenger by name
the committee for hedges will meet in the blue room""",
    "fr": """j'aimerais que l'horaire soit imprimé en grosses lettres
nous avons convenu qu'il faut un deuxième banc près de l'étang
les enfants ont compté onze hérons en une seule matinée
personne n'a trouvé la clé du vieil observatoire
ma cousine a promis sa recette de gâteau aux prunes
il faudrait une salle d'attente plus chaude sur le quai
planter des érables des deux côtés semble une bonne idée
ouvrir plus tard le soir aiderait les étudiants
le musée des horloges mérite un meilleur panneau
les gens demandent où aura lieu l'échange de graines
notre rue a besoin d'un rappel sur le recyclage
la fanfare devrait répéter plus souvent dehors
quelqu'un doit répondre aux lettres sur la piscine
j'ai noté chaque pavé cassé de la grande allée
le capitaine nous a raconté l'histoire de deux parapluies
la cantine pourrait essayer la soupe à la citrouille
une étagère d'outils à prêter plairait au village
la station météo annonce du vent de quatre côtés
nous avons enfin mesuré la profondeur de la mare
l'affiche de la soirée des lanternes a une jolie bordure
mon grand-père répare des radios derrière la grange
le conducteur du tramway salue chacun par son nom
le comité des haies se réunira dans la salle bleue""",
    "zh": """我还是希望时刻表能用大字印出来
大家都同意在池塘边再放一张长椅
孩子们一个早上数到了十一只白鹭
谁也找不到旧天文台的钥匙
表姐答应带来她做李子蛋糕的方法
码头应该有一间更暖和的候船室
在路的两边种枫树看来很合理
晚上开放久一点对学生和护士都有帮助
钟表博物馆值得一块更好的路牌
不少人在问种子交换会在哪里举行
我们这条街需要一份垃圾分类的提醒
铜管乐队应该多在户外排练
总要有人回复关于游泳馆的来信
我把每一块破损的地砖都记了下来
船长给我们讲了两把雨伞的故事
学校食堂可以试试烤南瓜汤
村里会喜欢一个小小的工具借用架
气象站说风从四个方向吹来
我们终于量出了鸭子池塘的深度
灯笼晚会的海报有一圈漂亮的花边
爷爷在谷仓后面的小屋里修收音机
电车司机能叫出每位乘客的名字
树篱委员会将在蓝色房间开会""",
}

ENDINGS = {
    "en": """because the mornings have become so wonderfully clear
and I hope the minutes will be shared with everyone
so please take a second look at the wooden railing
which made the whole afternoon feel a little brighter
although the soup was colder than we had expected
and that is all I wanted to mention today
before the first frost reaches the tomato beds
as my aunt likes to say over a pot of tea
even if the parade has to start an hour later
and the answer should fit on a single postcard
while there is still time to order enough chairs
so that visitors find the way without a lantern
and nobody minds a bit of mud on their boots
until somebody finds the missing chess pieces
because a good map saves many unnecessary steps
and perhaps the swans will come back in October
although the paint on the fence is not dry yet
which is why I keep a spare umbrella by the door
and the photographs will hang in the reading room
since the apples are ripe earlier than last year
so let us agree on a date before the weekend
and a friendly reply would make many people smile
as long as the kettle is on and the door is open""",
    "fr": """car les matins sont devenus merveilleusement clairs
et j'espère que le compte rendu sera partagé
alors regardez encore une fois la rampe en bois
ce qui a rendu tout l'après-midi plus lumineux
même si la soupe était plus froide que prévu
et c'est tout ce que je voulais dire aujourd'hui
avant que la première gelée n'atteigne les tomates
comme ma tante aime le dire autour d'un thé
même si le défilé commence une heure plus tard
et la réponse devrait tenir sur une carte postale
tant qu'il reste du temps pour louer des chaises
pour que les visiteurs trouvent leur chemin
et personne ne craint un peu de boue sur ses bottes
jusqu'à ce que l'on retrouve les pièces d'échecs
car une bonne carte évite bien des détours
et les cygnes reviendront peut-être en octobre
bien que la clôture ne soit pas encore sèche
voilà pourquoi je garde un parapluie près de la porte
et les photos seront dans la salle de lecture
puisque les pommes sont mûres plus tôt cette année
alors choisissons une date avant la fin de semaine
et un mot gentil ferait sourire bien du monde
tant que la bouilloire chante et que la porte est ouverte""",
    "zh": """因为最近的早晨特别清朗
希望会议记录能和大家分享
所以请再看一看那道木栏杆
整个下午都因此明亮了一些
只是汤比我们预想的要凉
今天我想说的就是这些
要赶在第一场霜冻到来之前
就像姑姑喝茶时常说的那样
哪怕游行要晚一个小时开始
答案写在一张明信片上就够了
趁现在还来得及多订一些椅子
好让客人不用灯笼也能找到路
靴子上沾点泥也没有关系
直到有人找回丢失的棋子
因为一张好地图能少走许多弯路
也许天鹅十月份还会回来
虽然篱笆上的油漆还没有干
所以我总在门口多放一把伞
照片将会挂在阅览室里
因为今年的苹果熟得比去年早
我们周末以前定一个日期吧
一句友好的回复会让很多人微笑
只要水壶热着门也开着""",
}

#: words that a small edit may exchange
SYNONYMS = {
    "en": (
        ("would still like", "still want"),
        ("lovely", "pretty"),
        ("everyone", "all of us"),
        ("often", "regularly"),
        ("whole", "entire"),
        ("perhaps", "maybe"),
        ("careful", "detailed"),
        ("finally", "at last"),
        ("so many", "a lot of"),
        ("nobody", "no one"),
        ("today", "this time"),
        ("people", "folks"),
        ("small", "little"),
        ("because", "as"),
        ("the old", "that old"),
        ("long", "good"),
    ),
    "fr": (
        ("aujourd'hui", "cette fois"),
        ("souvent", "régulièrement"),
        ("jolie", "belle"),
        ("peut-être", "sans doute"),
        ("enfin", "finalement"),
        ("les gens", "plusieurs"),
        ("grande", "belle"),
        ("près de", "à côté de"),
        ("petit", "modeste"),
        ("une bonne", "une très bonne"),
        ("encore", "toujours"),
        ("alors", "donc"),
    ),
    "zh": (
        ("我们", "咱们"),
        ("特别", "非常"),
        ("大家", "各位"),
        ("应该", "应当"),
        ("希望", "盼望"),
        ("漂亮", "好看"),
        ("许多", "很多"),
        ("因为", "由于"),
        ("终于", "总算"),
        ("那么多", "这么多"),
        ("也许", "或许"),
        ("一些", "一点"),
    ),
}

PETITION = (
    "Please sign and share: keep the reading room of the Willowmere library open on Sunday afternoons, "
    "for students, parents and everyone who has no quiet room at home."
)


def template(language: str, number: int) -> str:
    """Template `number` (0 to 528) of a language: three parts, two templates share at most one of them."""
    parts = [part[language].split("\n") for part in (OPENINGS, MIDDLES, ENDINGS)]
    size = len(parts[0])
    turn = number // size
    first, second, third = (lines[(number + k * turn) % size] for k, lines in enumerate(parts))
    return f"{first}，{second}，{third}。" if language == "zh" else f"{first}, {second} {third}."
