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
# What happens to people of an account besides a death: notes of life events.
LIFE_EVENTS: dict[str, Word] = {
    "new_job": ("Buyer changed jobs", "采购负责人换工作"),
    "wedding": ("Buyer got married", "采购负责人结婚"),
    "birth": ("Owner has a child", "企业主添丁"),
    "divorce": ("Owner divorced", "企业主离婚"),
    "move": ("Owner moved house", "企业主搬家"),
}
ACTION_TITLES: dict[str, Word] = {
    "wave_fixed": ("Second carrier and daily dispatch check", "增加第二承运商并每日核查发货"),
    "wave_not_fixed": ("Remind billing staff of the price list", "提醒开票人员核对价目表"),
    "from_review": ("Measure agreed after customer talks", "客户访谈后的改进措施"),
}


def language_index(language: str) -> int:
    """Return which half of a word a language reads: 0 for English, 1 for Chinese."""
    return 1 if language == "zh" else 0
