"""Kinds of places, peoples, and places whose English is no pinyin."""

from __future__ import annotations

KINDS = {
    "特别行政区": "Special Administrative Region", "自治区": "Autonomous Region",
    "自治州": "Autonomous Prefecture",
    "自治县": "Autonomous County", "自治旗": "Autonomous Banner", "新区": "New Area",
    "林区": "Forestry District",
    "矿区": "Mining District", "地区": "Prefecture", "省": "Province", "市": "", "区": "District",
    "县": "County",
    "旗": "Banner", "盟": "League",
}  # fmt: skip
"""What a name ends with, longest first, and English for it; 市 is left out (Hangzhou)."""

PEOPLES = {
    "维吾尔": "Uygur", "维吾尔族": "Uygur", "哈萨克": "Kazak", "哈萨克族": "Kazak", "柯尔克孜": "Kirgiz",
    "柯尔克孜族": "Kirgiz", "锡伯": "Xibe", "塔吉克": "Tajik", "蒙古": "Mongol", "蒙古族": "Mongol",
    "壮族": "Zhuang",
    "回族": "Hui", "藏族": "Tibetan", "彝族": "Yi", "苗族": "Miao", "土家族": "Tujia", "侗族": "Dong",
    "朝鲜族": "Korean", "满族": "Manchu", "白族": "Bai", "傣族": "Dai", "哈尼族": "Hani", "黎族": "Li",
    "傈僳族": "Lisu",
    "佤族": "Va", "畲族": "She", "拉祜族": "Lahu", "水族": "Shui", "瑶族": "Yao", "纳西族": "Naxi",
    "景颇族": "Jingpo",
    "羌族": "Qiang", "布依族": "Bouyei", "土族": "Tu", "撒拉族": "Salar", "保安族": "Bonan",
    "东乡族": "Dongxiang",
    "裕固族": "Yugur", "仡佬族": "Gelao", "毛南族": "Maonan", "仫佬族": "Mulao", "布朗族": "Blang",
    "普米族": "Pumi",
    "怒族": "Nu", "独龙族": "Derung", "达斡尔族": "Daur", "鄂温克族": "Ewenki", "鄂伦春": "Oroqen",
    "各族": "Multiethnic",
}  # fmt: skip

SPELLINGS = {
    "内蒙古": "Inner Mongolia", "西藏": "Xizang", "陕西": "Shaanxi", "香港": "Hong Kong",
    "澳门": "Macao", "台湾": "Taiwan", "台北": "Taipei", "高雄": "Kaohsiung", "哈尔滨": "Harbin",
    "齐齐哈尔": "Qiqihar", "呼和浩特": "Hohhot", "鄂尔多斯": "Ordos", "呼伦贝尔": "Hulunbuir",
    "乌兰察布": "Ulanqab", "乌鲁木齐": "Urumqi", "拉萨": "Lhasa", "日喀则": "Xigaze", "克拉玛依": "Karamay",
    "喀什": "Kashgar", "吐鲁番": "Turpan", "哈密": "Hami", "阿克苏": "Aksu", "和田": "Hotan",
    "吕梁": "Lüliang",
    "海拉尔": "Hailar", "锡林郭勒": "Xilingol", "阿拉善": "Alxa", "兴安": "Hinggan", "伊犁": "Ili",
    "巴音郭楞": "Bayingolin", "博尔塔拉": "Bortala", "克孜勒苏": "Kizilsu", "六安": "Lu'an", "六合": "Luhe",
    "昌都": "Qamdo", "那曲": "Nagqu", "林芝": "Nyingchi", "阿里": "Ngari",
    "阿坝": "Aba", "甘孜": "Garze", "果洛": "Golog", "玉树": "Yushu",
    "珲春": "Hunchun", "单": "Shan", "香格里拉": "Shangri-La", "蒙自": "Mengzi",
}  # fmt: skip
"""Where the official spelling is another than pinyin, or a reading is easily mistaken."""
