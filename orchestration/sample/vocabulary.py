"""Words the sample company is written with, in both languages.

Every entry is a pair (English, Chinese). What is decided by a code, such as a cause or a failure
type, is a code in both languages and does not belong here.
"""

from typing import NamedTuple

Word = tuple[str, str]


class Category(NamedTuple):
    """One product category.

    Attributes:
        code: Language-independent code, used in the truth.
        name: Name in both languages.
        lines: Product lines below it.
        median_price: Median list price of a unit in reporting currency.
        cost_share: Cost as a share of list price.
        price_drift: Yearly change of the list price, as a share.
        is_service: Whether it is a service.
    """

    code: str
    name: Word
    lines: tuple[Word, ...]
    median_price: float
    cost_share: float
    price_drift: float
    is_service: bool = False


CATEGORIES: tuple[Category, ...] = (
    Category(
        "pumps",
        ("Pumps", "泵类"),
        (
            ("Centrifugal pumps", "离心泵"),
            ("Gear pumps", "齿轮泵"),
            ("Vacuum pumps", "真空泵"),
        ),
        420,
        0.66,
        0.030,
    ),
    Category(
        "valves",
        ("Valves", "阀门"),
        (("Ball valves", "球阀"), ("Check valves", "止回阀"), ("Relief valves", "安全阀")),
        130,
        0.62,
        0.025,
    ),
    Category(
        "seals",
        ("Seals", "密封件"),
        (("O-rings", "O形圈"), ("Shaft seals", "轴封"), ("Gaskets", "垫片")),
        14,
        0.48,
        0.020,
    ),
    Category(
        "bearings",
        ("Bearings", "轴承"),
        (
            ("Ball bearings", "滚珠轴承"),
            ("Roller bearings", "滚子轴承"),
            ("Plain bearings", "滑动轴承"),
        ),
        58,
        0.64,
        0.035,
    ),
    Category(
        "filters",
        ("Filters", "过滤器"),
        (("Oil filters", "机油滤芯"), ("Air filters", "空气滤芯"), ("Water filters", "水滤芯")),
        46,
        0.52,
        0.015,
    ),
    Category(
        "lubricants",
        ("Lubricants", "润滑油"),
        (("Gear oils", "齿轮油"), ("Greases", "润滑脂"), ("Coolants", "冷却液")),
        32,
        0.58,
        0.045,
    ),
    Category(
        "sensors",
        ("Sensors", "传感器"),
        (
            ("Pressure sensors", "压力传感器"),
            ("Flow meters", "流量计"),
            ("Thermometers", "温度计"),
        ),
        260,
        0.50,
        -0.020,
    ),
    Category(
        "tools",
        ("Tools", "工具"),
        (
            ("Torque wrenches", "扭力扳手"),
            ("Pullers", "拉马"),
            ("Measuring tools", "量具"),
        ),
        95,
        0.60,
        0.020,
    ),
    Category(
        "services",
        ("Services", "服务"),
        (("Freight", "运费"), ("Packaging fee", "包装费"), ("Express surcharge", "加急费")),
        160,
        0.75,
        0.030,
        is_service=True,
    ),
)
GOODS = tuple(category for category in CATEGORIES if not category.is_service)

COMPETITORS: tuple[tuple[str, Word], ...] = (
    ("K01", ("Northgate Industrial", "北门工业")),
    ("K02", ("Haoyuan Fluid Systems", "浩源流体")),
    ("K03", ("Kestrel Components", "红隼零部件")),
    ("K04", ("Jintai Supply", "金泰供应链")),
    ("K05", ("Orion Drives", "猎户传动")),
    ("K06", ("Dongsheng Bearings", "东升轴承")),
    ("K07", ("Vireo Online Parts", "翠鸟线上配件")),
    ("K08", ("Lanfang Chemical", "兰芳化工")),
)

# (country, region, currency, weight); regions of the home country first.
MARKETS: tuple[tuple[Word, Word, str, float], ...] = (
    (("China", "中国"), ("East", "华东"), "CNY", 0.30),
    (("China", "中国"), ("South", "华南"), "CNY", 0.22),
    (("China", "中国"), ("North", "华北"), "CNY", 0.18),
    (("China", "中国"), ("West", "西部"), "CNY", 0.16),
    (("United States", "美国"), ("Overseas", "海外"), "USD", 0.06),
    (("Germany", "德国"), ("Overseas", "海外"), "USD", 0.04),
    (("Vietnam", "越南"), ("Overseas", "海外"), "USD", 0.04),
)

INDUSTRIES: tuple[Word, ...] = (
    ("Chemicals", "化工"),
    ("Food processing", "食品加工"),
    ("Machine building", "机械制造"),
    ("Water supply", "水务"),
    ("Paper", "造纸"),
    ("Textiles", "纺织"),
    ("Laboratories", "化验室"),
    ("Mining", "矿业"),
    ("Automotive", "汽车"),
    ("Electronics", "电子"),
    ("Shipbuilding", "船舶"),
    ("Pharmaceuticals", "制药"),
)
SEGMENTS: tuple[Word, ...] = (
    ("Manufacturer", "生产企业"),
    ("Reseller", "经销商"),
    ("Public utility", "公用事业"),
    ("Laboratory", "实验室"),
)
EMPLOYEE_BANDS = ("1-49", "50-249", "250-999", "1000+")
CONTACT_ROLES: tuple[Word, ...] = (
    ("Purchasing manager", "采购经理"),
    ("Plant manager", "厂长"),
    ("Maintenance engineer", "设备工程师"),
    ("Managing director", "总经理"),
    ("Accounts payable", "应付会计"),
)
TEAMS: tuple[Word, ...] = (
    ("Key accounts", "大客户部"),
    ("East", "华东区"),
    ("South", "华南区"),
    ("North and west", "北方与西部"),
    ("Overseas", "海外部"),
)
CHANNELS: tuple[Word, ...] = (
    ("phone", "电话"),
    ("email", "邮件"),
    ("portal", "门户"),
    ("visit", "上门"),
)
LIFECYCLE_STAGES: tuple[Word, ...] = (
    ("acquisition", "获取"),
    ("growth", "成长"),
    ("maturity", "成熟"),
    ("decline", "衰退"),
)
PROGRAMMES: tuple[Word, ...] = (
    ("Key account days", "大客户日"),
    ("Loyalty rebate", "忠诚返利"),
    ("Autumn trade fair", "秋季展会"),
    ("On-site training", "现场培训"),
)
EVENT_NOTES: dict[str, Word] = {
    "life_event": ("Owner passed away", "企业主去世"),
    "relocation": ("Plant moved to another province", "工厂迁往外省"),
    "demand_change": ("Product range of the customer changes", "客户产品结构调整"),
    "expansion_upstream": ("Customer starts making the parts itself", "客户开始自制零件"),
    "contraction": ("Second shift closed", "取消第二班次"),
    "divestiture": ("Business unit sold", "出售业务单元"),
    "bankruptcy": ("Insolvency filed", "申请破产"),
    "policy_change": ("Head office buys centrally now", "总部改为集中采购"),
    "competitor_offer": ("Competitor offered a lower price", "竞争对手报低价"),
    "alliance": ("Joint venture with a supplier", "与供应商合资"),
    "became_competitor": ("Sells the same parts now", "开始销售同类产品"),
}
ACTION_TITLES: dict[str, Word] = {
    "wave_fixed": ("Second carrier and daily dispatch check", "增加第二承运商并每日核查发货"),
    "wave_not_fixed": ("Remind billing staff of the price list", "提醒开票人员核对价目表"),
    "from_review": ("Measure agreed after customer talks", "客户访谈后的改进措施"),
}

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


def language_index(language: str) -> int:
    """Return which half of a word a language reads: 0 for English, 1 for Chinese."""
    return 1 if language == "zh" else 0


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
