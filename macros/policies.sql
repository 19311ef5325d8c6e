{#
    Adds the CTE <name>: the policies in force in each period, one column a parameter. A policy is a seed with
    a row for each version and parameter; in force is the newest version that holds on the period's first day.
    A version that lacked a parameter would leave its column NULL; the seeds' complete_versions tests stop it.
#}
{% macro add_policies_in_force(name, policies, periods, keys, begins_on, parameters) -%}
{{ name }}_versions as (
    select
        periods.{{ keys | join(',\n        periods.') }},
        max(policies.valid_from) as valid_from
    from {{ periods }} as periods
    inner join {{ policies }} as policies
        on periods.{{ begins_on }} >= policies.valid_from
    group by
        periods.{{ keys | join(',\n        periods.') }}
),

{{ name }} as (
    select
        versions.{{ keys | join(',\n        versions.') }},
        {% for parameter, data_type in parameters.items() -%}
        cast(max(case when policies.parameter = '{{ parameter }}' then policies.value end) as {{ data_type }})
            as {{ parameter }},
        {% endfor -%}
        max(policies.policy_version) as policy_version
    from {{ name }}_versions as versions
    inner join {{ policies }} as policies
        on versions.valid_from = policies.valid_from
    group by
        versions.{{ keys | join(',\n        versions.') }}
)
{%- endmacro %}
