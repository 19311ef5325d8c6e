{% test complete_versions(model) %}

{# Every version of a policy has every parameter: the newest one in force is read alone, never with an older one. #}
select
    versions.policy_version,
    parameters.parameter
from (select distinct policy_version from {{ model }}) as versions
cross join (select distinct parameter from {{ model }}) as parameters
left join {{ model }} as given
    on
        versions.policy_version = given.policy_version
        and parameters.parameter = given.parameter
where given.parameter is null

{% endtest %}
