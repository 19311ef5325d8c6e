"""People and customers on the list of erasures are gone from raw, and nothing else is."""

import pytest

from orchestration.loading import LoadError, erase, load_contract, names_erased, read_erasures

CONTRACT = load_contract()
ACCOUNTS = "account_id,customer_code,account_name\nacc-1,A,Ann Ltd\nacc-2,B,Bob Ltd\n"
CONTACTS = (
    "contact_id,account_id,full_name,email,phone,birthday\n"
    "p1,acc-1,Li Lei,li@example.com,123,1980-02-03\n"
    "p2,acc-2,Han Meimei,han@example.com,456,1981-03-04\n"
    "p3,acc-2,Jim,jim@example.com,789,not a date\n"
)
LIST = "subject,identifier,tombstone,requested_on\n"
BOTH = LIST + "customer,A,erased-1,2024-05-01\naccount,acc-1,erased-2,2024-05-01\n"


@pytest.fixture
def crm(house):
    house.put("crm/accounts/accounts.csv", ACCOUNTS)
    house.put("crm/contacts/contacts.csv", CONTACTS)
    house.load(tables={"crm.contacts": {"tolerance": {"other": 0.5}}})
    return house


def apply(house, text):
    path = house.folder / "erasures.csv"
    path.write_text(text, "utf-8")
    listed = read_erasures(path)
    before = names_erased(house.connection, CONTRACT, listed)
    return before, erase(house.connection, CONTRACT, listed)


def test_a_contact_loses_what_is_personal_and_nobody_else_does(crm):
    assert apply(crm, LIST + "contact,p1,gone-1,\n") == (True, 1)
    assert crm.rows(
        "select contact_id, account_id, full_name, email, phone, birthday "
        "from raw_crm.contacts where account_id = 'acc-1'"
    ) == [("gone-1", "acc-1", "gone-1", None, None, None)]
    assert crm.rows("select full_name, email from raw_crm.contacts where contact_id = 'p2'") == [
        ("Han Meimei", "han@example.com")
    ]


def test_refused_values_of_personal_columns_go_too(crm):
    query = "select column_name, value from raw_meta.rejected_rows"
    assert crm.rows(query) == [("birthday", "not a date")]
    apply(crm, LIST + "contact,p3,gone-3,\n")
    assert crm.rows(query) == [("birthday", None)]


def test_a_customer_is_a_tombstone_in_every_table_and_its_money_stays(crm):
    amounts = "select sum(net_amount) from raw_ledger.invoice_lines"
    before = crm.rows(amounts)
    apply(crm, BOTH)
    assert crm.rows("select customer_code, customer_name from raw_ledger.customers order by 1") == [
        ("B", "Bob"),
        ("erased-1", "erased-1"),
    ]
    assert crm.rows("select customer_code from raw_ledger.invoices where document_no = '1'") == [
        ("erased-1",)
    ]
    assert crm.rows(
        "select account_id, customer_code, account_name from raw_crm.accounts order by 1"
    ) == [("acc-2", "B", "Bob Ltd"), ("erased-2", "erased-1", "erased-1")]
    # The people at an erased account go with it, under their own numbers.
    assert crm.rows("select full_name, email from raw_crm.contacts where contact_id = 'p1'") == [
        ("erased-2", None)
    ]
    assert crm.rows(amounts) == before


def test_no_text_of_an_erased_customer_is_left_in_any_raw_table(crm):
    apply(crm, BOTH)
    for table in CONTRACT.tables.values():
        text = str(crm.rows(f"from {table.relation}"))
        for trace in ("Ann", "Li Lei", "li@example.com", "acc-1", "'A'"):
            assert trace not in text, table.label


def test_a_second_run_finds_nothing_until_the_customer_is_delivered_again(crm):
    apply(crm, BOTH)
    assert apply(crm, BOTH) == (False, 0)
    crm.put("ledger/customers/customers.csv", crm.customers + "C,Cao\n")
    crm.load(tables={"crm.contacts": {"tolerance": {"other": 0.5}}})
    assert apply(crm, BOTH) == (True, 1)


def test_an_account_left_off_the_list_stops_the_load(crm):
    with pytest.raises(LoadError, match="customer A and not its account acc-1"):
        apply(crm, LIST + "customer,A,erased-1,\n")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("subject,identifier\n", "line 1 lacks the column tombstone"),
        (LIST + "person,p1,gone-1,\n", "line 2, column subject: 'person'"),
        (LIST + "contact,,gone-1,\n", "line 2, column identifier: is empty"),
        (LIST + "contact,p1,gone 1,\n", "line 2, column tombstone: 'gone 1'"),
        (LIST + "contact,p1,g1,\ncontact,p2,g1,\n", "line 3, column tombstone: 'g1' stands in"),
        (LIST + "contact,p1,g1,\ncontact,p1,g2,\n", "line 3, column identifier: 'p1' stands in"),
    ],
)
def test_a_bad_list_says_where_and_what_to_do(tmp_path, text, message):
    path = tmp_path / "erasures.csv"
    path.write_text(text, "utf-8")
    with pytest.raises(LoadError, match=message):
        read_erasures(path)


def test_a_list_in_another_encoding_is_refused(tmp_path):
    path = tmp_path / "erasures.csv"
    path.write_bytes((LIST + "customer,\u5ba2\u62371,erased-1,\n").encode("gb18030"))
    with pytest.raises(LoadError, match="no CSV file in UTF-8"):
        read_erasures(path)


def test_without_a_list_there_is_nothing_to_erase(tmp_path):
    assert read_erasures(tmp_path / "erasures.csv") == []
