"""Names of companies and people, in both languages; every entry is a pair (English, Chinese)."""

from orchestration.sample.vocabulary import Word, language_index

# Company names are a place or coined stem, a second stem, and a kind of company.
NAME_FIRST: tuple[Word, ...] = (
    ("Alder", "安"),
    ("Birch", "博"),
    ("Cedar", "长"),
    ("Dover", "德"),
    ("Elm", "恩"),
    ("Falcon", "富"),
    ("Granite", "国"),
    ("Harbour", "海"),
    ("Iris", "宏"),
    ("Juniper", "佳"),
    ("Keystone", "凯"),
    ("Linden", "龙"),
    ("Marble", "明"),
    ("Nova", "宁"),
    ("Oak", "鹏"),
    ("Pioneer", "启"),
    ("Quarry", "庆"),
    ("River", "瑞"),
    ("Summit", "盛"),
    ("Tower", "泰"),
    ("Union", "万"),
    ("Vale", "伟"),
    ("Willow", "祥"),
    ("Yarrow", "新"),
    ("Zenith", "远"),
    ("Amber", "正"),
    ("Beacon", "志"),
    ("Copper", "中"),
    ("Delta", "卓"),
    ("Ember", "兴"),
)
NAME_SECOND: tuple[Word, ...] = (
    ("brook", "达"),
    ("field", "丰"),
    ("ford", "昌"),
    ("gate", "华"),
    ("hill", "辉"),
    ("lake", "金"),
    ("land", "科"),
    ("mark", "力"),
    ("mill", "隆"),
    ("point", "美"),
    ("ridge", "能"),
    ("shore", "荣"),
    ("side", "润"),
    ("stone", "升"),
    ("ton", "通"),
    ("view", "旺"),
    ("way", "信"),
    ("well", "业"),
    ("wood", "益"),
    ("worth", "源"),
)
NAME_THIRD: tuple[Word, ...] = (
    ("Chemical", "化工"),
    ("Foods", "食品"),
    ("Machinery", "机械"),
    ("Water", "水务"),
    ("Paper", "纸业"),
    ("Textile", "纺织"),
    ("Instruments", "仪器"),
    ("Mining", "矿业"),
    ("Motors", "汽车部件"),
    ("Electronics", "电子"),
    ("Marine", "船舶"),
    ("Pharma", "制药"),
    ("Energy", "能源"),
    ("Materials", "材料"),
    ("Trading", "贸易"),
    ("Engineering", "工程"),
    ("Packaging", "包装"),
    ("Steel", "钢铁"),
    ("Plastics", "塑料"),
    ("Logistics", "物流"),
)
NAME_FORM: tuple[Word, ...] = (
    ("Ltd.", "有限公司"),
    ("Group", "集团有限公司"),
    ("Co., Ltd.", "股份有限公司"),
    ("Works", "厂"),
    ("Holdings", "控股有限公司"),
    ("Industries", "实业有限公司"),
    ("Partners", "合伙企业"),
    ("Supply", "供应有限公司"),
    ("Services", "服务有限公司"),
    ("Systems", "系统有限公司"),
    ("Technologies", "科技有限公司"),
    ("International", "国际有限公司"),
    ("Solutions", "方案有限公司"),
    ("Manufacturing", "制造有限公司"),
    ("Products", "产品有限公司"),
    ("Distribution", "经销有限公司"),
    ("Development", "发展有限公司"),
)
# 𬭎 lies outside the plane that two bytes of GB18030 reach: four bytes, which some readers refuse.
RARE_CHARACTER = "𬭎"

GIVEN_NAMES: tuple[Word, ...] = (
    ("Wei", "伟"),
    ("Fang", "芳"),
    ("Na", "娜"),
    ("Min", "敏"),
    ("Jing", "静"),
    ("Li", "丽"),
    ("Qiang", "强"),
    ("Lei", "磊"),
    ("Jun", "军"),
    ("Yang", "洋"),
    ("Yong", "勇"),
    ("Yan", "艳"),
    ("Jie", "杰"),
    ("Tao", "涛"),
    ("Ming", "明"),
    ("Chao", "超"),
    ("Xia", "霞"),
    ("Ping", "平"),
    ("Gang", "刚"),
    ("Hong", "红"),
)
FAMILY_NAMES: tuple[Word, ...] = (
    ("Wang", "王"),
    ("Li", "李"),
    ("Zhang", "张"),
    ("Liu", "刘"),
    ("Chen", "陈"),
    ("Yang", "杨"),
    ("Zhao", "赵"),
    ("Huang", "黄"),
    ("Zhou", "周"),
    ("Wu", "吴"),
    ("Xu", "徐"),
    ("Sun", "孙"),
    ("Hu", "胡"),
    ("Zhu", "朱"),
    ("Gao", "高"),
    ("Lin", "林"),
    ("He", "何"),
    ("Guo", "郭"),
    ("Ma", "马"),
    ("Luo", "罗"),
)


def company_name(number: int, offset: int, language: str) -> str:
    """Return the company name of a customer number; different numbers give different names.

    Args:
        number: Number of the customer, from 0.
        offset: Shift that makes names of two seeds differ.
        language: `en` or `zh`.
    """
    word = language_index(language)
    sizes = [len(NAME_FIRST), len(NAME_SECOND), len(NAME_THIRD), len(NAME_FORM)]
    space = sizes[0] * sizes[1] * sizes[2] * sizes[3]
    # A step that shares no factor with the space visits every combination once.
    place = (number * 48_271 + offset) % space
    first, place = NAME_FIRST[place % sizes[0]][word], place // sizes[0]
    second, place = NAME_SECOND[place % sizes[1]][word], place // sizes[1]
    third, place = NAME_THIRD[place % sizes[2]][word], place // sizes[2]
    form = NAME_FORM[place % sizes[3]][word]
    repeat = number // space
    suffix = f" {repeat + 1}" if repeat else ""
    if language == "zh":
        return f"{first}{second}{third}{form}{suffix}"
    return f"{first}{second} {third} {form}{suffix}"


def person_name(number: int, language: str) -> str:
    """Return a person's name; names repeat, as they do among people.

    Args:
        number: Any non-negative integer that identifies the person.
        language: `en` or `zh`.
    """
    word = language_index(language)
    given = GIVEN_NAMES[number % len(GIVEN_NAMES)][word]
    family = FAMILY_NAMES[number // len(GIVEN_NAMES) % len(FAMILY_NAMES)][word]
    return f"{family}{given}" if language == "zh" else f"{given} {family}"
