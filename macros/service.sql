{# Rules of service time that several models share. #}

{# Minutes since midnight; seconds do not count. #}
{% macro minute_of_day(moment) -%}
    (hour({{ moment }}) * 60 + minute({{ moment }}))
{%- endmacro %}


{# Calendar minutes from one moment to another, whole minutes; no engine agrees with another on minutes apart. #}
{% macro minutes_between(start, finish) -%}
    cast(
        {{ dbt.datediff('cast(' ~ start ~ ' as date)', 'cast(' ~ finish ~ ' as date)', 'day') }} * 1440
        + {{ minute_of_day(finish) }} - {{ minute_of_day(start) }} as bigint
    )
{%- endmacro %}


{#
    Business minutes from the calendar's first day to a moment of the day that a row of int_business_days
    stands for. Two of them subtracted are the business time between, whatever lies between.
#}
{% macro business_minute(day, moment) -%}
    cast(
        {{ day }}.business_minutes_before + case
            when {{ day }}.is_business_day
                then greatest(0, least({{ minute_of_day(moment) }}, {{ day }}.closes_minute) - {{ day }}.opens_minute)
            else 0
        end as bigint
    )
{%- endmacro %}
