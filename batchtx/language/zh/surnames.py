"""Surnames, how they are read, and the titles that stand behind and before them."""

from __future__ import annotations

SINGLE = frozenset(
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余"
    "潘杜戴夏钟汪田任姜范方石"
    "姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温"
    "芦季俞章鲁葛伍韦申尤毕聂丛"
    "焦向柳邢路岳齐沿梅莫庄辛管祝左涂谷祁时舒耿牟卜詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋植"
    "甘景薄单包司柏宁柯阮桂"
    "闵解强柴华车冉房边辜吉饶刁瞿戚丘古米池滕晋苑邬臧畅宫来嵺苟全褚廉简娄盖符奚木穆党燕郎邸冀谈姬屠连郜晏栾"
    "郁商蒙计喻揭窦迟宇敖"
    "糜鄢冷卓花仇艾蓝都巩稽井练仲乐虞卞封竺冼原官衣楚佟栗匡宗应台巫鞠僧桑荆谌银扬明沙薄伏岑习胥保和蔺尉郦封"
    "冼缪占朴区明鹿"
    "习邝麻闫肖付戈么亓仉佘佴俱储况冮凤初别势劳勾厉双后哈咸员哎宾密富尚展岱巴帅干幸弓归忻慕慎扈揣支敬敏斗旷"
    "昌昝晁暨月权束杭柱枚栋晋桓桥"
) - frozenset(
    "沿位植嵺来都稽都僧保和应台原官势么俱初别后哎月斗柱桥栋展密束支干富归敏弓敬尚权宇木商计连华时成向单方安"
    "明全双"
)
"""Surnames of one character that are no common word or are more often a name."""

RARE = frozenset(
    "华时成向单方安明全双应台商连计木尚权官和来原敬支干富宇展束曾哈巴戈沙房查于何车温石平路白高常康田万党区"
)
"""Surnames that are mostly words: names only where a label or a title says so."""

COMPOUND = (
    "欧阳", "司马", "诸葛", "上官", "皇甫", "令狐", "尉迟", "慕容", "长孙", "宇文", "司徒", "司空", "夏侯",
    "公孙", "端木",
    "东方", "独孤", "南宫", "轩辕", "闻人", "澹台", "万俟", "百里", "呼延", "东郭", "西门", "申屠", "太史",
    "钟离", "濮阳",
    "公冶", "淳于", "单于", "赫连", "鲜于", "闾丘", "拓跋", "完颜",
)  # fmt: skip

READINGS = {
    "单": "Shan", "仇": "Qiu", "解": "Xie", "查": "Zha", "盖": "Ge", "区": "Ou", "朴": "Piao", "冼": "Xian",
    "缪": "Miao",
    "曾": "Zeng", "任": "Ren", "翟": "Zhai", "乐": "Yue", "覃": "Qin", "员": "Yun", "燕": "Yan",
    "华": "Hua", "宁": "Ning",
    "盛": "Sheng", "占": "Zhan", "折": "She", "那": "Na", "召": "Shao", "种": "Chong", "秘": "Bi",
    "纪": "Ji", "葛": "Ge",
    "应": "Ying", "尹": "Yin", "卜": "Bu", "长": "Chang", "叶": "Ye", "石": "Shi", "车": "Che",
    "沈": "Shen", "洗": "Xian",
    "尉": "Wei", "祭": "Zhai", "隗": "Wei", "臧": "Zang", "晁": "Chao", "贾": "Jia", "薄": "Bo",
    "柏": "Bai", "吕": "Lü",
    "冯": "Feng", "邸": "Di", "牟": "Mou", "哈": "Ha", "都": "Du", "幺": "Yao", "仉": "Zhang", "佘": "She",
    "亓": "Qi",
    "尉迟": "Yuchi", "长孙": "Zhangsun", "万俟": "Moqi", "澹台": "Tantai", "令狐": "Linghu", "夏侯": "Xiahou",
    "单于": "Chanyu", "鲜于": "Xianyu", "濮阳": "Puyang", "诸葛": "Zhuge", "皇甫": "Huangfu", "呼延": "Huyan",
}  # fmt: skip
"""Readings that differ from those of the same characters elsewhere."""

TITLES = {
    "先生": "Mr. {}", "女士": "Ms. {}", "小姐": "Ms. {}", "夫人": "Mrs. {}", "太太": "Mrs. {}",
    "博士": "Dr. {}",
    "教授": "Professor {}", "副教授": "Associate Professor {}", "老师": "Teacher {}", "医生": "Dr. {}",
    "大夫": "Dr. {}", "医师": "Dr. {}", "院士": "Academician {}", "研究员": "Researcher {}",
    "讲师": "Lecturer {}",
    "经理": "Manager {}", "总经理": "General Manager {}", "副总经理": "Deputy General Manager {}",
    "总": "President {}", "副总": "Vice President {}", "总裁": "President {}", "副总裁": "Vice President {}",
    "董事长": "Chairman {}", "副董事长": "Vice Chairman {}", "董事": "Director {}", "监事": "Supervisor {}",
    "主任": "Director {}", "副主任": "Deputy Director {}", "局长": "Director {}",
    "副局长": "Deputy Director {}",
    "处长": "Director {}", "副处长": "Deputy Director {}", "科长": "Section Chief {}", "厅长": "Director {}",
    "副科长": "Deputy Section Chief {}", "部长": "Minister {}", "副部长": "Vice Minister {}",
    "所长": "Director {}",
    "副所长": "Deputy Director {}", "院长": "President {}", "副院长": "Vice President {}",
    "校长": "Principal {}",
    "副校长": "Vice Principal {}", "书记": "Secretary {}", "副书记": "Deputy Secretary {}",
    "秘书": "Secretary {}",
    "秘书长": "Secretary-General {}", "主席": "Chairman {}", "副主席": "Vice Chairman {}",
    "会长": "President {}",
    "副会长": "Vice President {}", "理事长": "Chairman {}", "委员": "Committee Member {}",
    "组长": "Team Leader {}",
    "副组长": "Deputy Team Leader {}", "队长": "Captain {}", "班长": "Class Monitor {}",
    "厂长": "Factory Director {}",
    "站长": "Station Chief {}", "行长": "President {}", "省长": "Governor {}", "市长": "Mayor {}",
    "副市长": "Deputy Mayor {}", "县长": "County Head {}", "区长": "District Head {}", "镇长": "Town Head {}",
    "村长": "Village Head {}", "律师": "Attorney {}", "法官": "Judge {}", "检察官": "Prosecutor {}",
    "警官": "Officer {}", "会计": "Accountant {}", "工程师": "Engineer {}", "工": "Engineer {}",
    "总工": "Chief Engineer {}", "总工程师": "Chief Engineer {}", "总监": "Director {}",
    "主管": "Supervisor {}",
    "师傅": "Master {}", "司机": "Driver {}", "护士": "Nurse {}", "总理": "Premier {}",
    "副总理": "Vice Premier {}",
    "代表": "Representative {}", "记者": "Reporter {}", "设计师": "Designer {}", "顾问": "Consultant {}",
    "导演": "Director {}", "将军": "General {}",
}  # fmt: skip
"""A title behind a surname, and English for both."""

ROLES = (
    "董事长", "副董事长", "总经理", "副总经理", "总裁", "副总裁", "首席执行官", "首席财务官", "首席技术官",
    "财务总监",
    "总监", "经理", "主任", "副主任", "局长", "副局长", "处长", "科长", "厅长", "部长", "副部长", "所长",
    "院长", "副院长",
    "校长", "副校长", "书记", "副书记", "秘书长", "秘书", "主席", "副主席", "会长", "副会长", "理事长",
    "委员", "组长", "副组长",
    "市长", "副市长", "省长", "副省长", "县长", "区长", "镇长", "乡长", "总理", "副总理",
    "国务委员", "律师", "法官", "检察官", "会计",
    "工程师", "总工程师", "教授", "副教授", "院士", "研究员", "讲师", "老师", "博士", "医生", "医师",
    "护士", "记者", "作家",
    "诗人", "画家", "演员", "导演", "歌手", "运动员", "教练", "科学家", "专家", "学者", "创始人", "发言人",
    "负责人", "联系人",
    "代理人", "法定代表人", "代表", "董事", "监事", "原告", "被告", "被告人", "原告人", "上诉人",
    "被上诉人", "申请人", "被申请人",
    "第三人", "证人", "受害人", "被害人", "嫌疑人", "犯罪嫌疑人", "罪犯", "申诉人", "赔偿请求人", "审判长",
    "审判员",
    "陪审员", "书记员", "代理审判员", "助理", "主管", "同志", "校友", "学生", "同学", "患者", "党员",
    "民警", "村民", "居民",
    "市民", "员工", "职工", "司机", "将领", "将军", "第一作者", "通讯作者", "作者", "导师", "译者", "编辑",
    "主编", "股东",
    "客户代表", "主持人", "组员", "成员", "副经理", "副处长", "副总", "常务副总裁", "院领导", "常委",
)  # fmt: skip
"""What stands directly before a full name."""
