{#
    Wallet Allocation Rule (Keiningham, Aksoy, Buoye, Cooil 2011): of n suppliers the one in rank r gets
    (1 - r / (n + 1)) * 2 / n of the wallet. Suppliers that tie share the mean of their ranks.
#}
{% macro wallet_rule_share(rank, supplier_count) -%}
    case
        when {{ rank }} between 1 and {{ supplier_count }} then
            (1 - cast({{ rank }} as double) / ({{ supplier_count }} + 1)) * 2 / {{ supplier_count }}
    end
{%- endmacro %}
