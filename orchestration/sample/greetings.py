"""Greetings on the birthdays of the people at the accounts."""

from datetime import date

from orchestration.sample.parameters import add_months

# Greeted, of the birthdays of those who agreed to be contacted, and of those who did not.
GREETED_SHARE, GREETED_UNASKED_SHARE = 0.75, 0.04


def birthdays(start: date) -> str:
    """Return a query for the greetings of a month, in the shape of other drawn activities.

    Args:
        start: First day of the month.
    """
    end = add_months(start, 1)
    return f"""
        select
            moods.*, 800 + substr(contact_id, -1)::bigint as n, 0.0 as rate,
            hash(contact_id, {start.year * 12 + start.month}) as act_hash, 1.0 as chance,
            null::date as drawn_day,
            make_date({start.year}, {start.month}, least(day(birthday), 28)) as day,
            'care_greeting' as drawn_type, contact_id as greeted_id,
        from moods
        inner join (select distinct cust_no, contact_id, birthday, consent from contacts)
            using (cust_no)
        where month(birthday) = {start.month} and start_day < date '{start}'
            and (end_day is null or end_day >= date '{end}')
            and uniform('greeted', hash(contact_id, {start.year}), 0)
                < if(consent, {GREETED_SHARE}, {GREETED_UNASKED_SHARE})
    """
