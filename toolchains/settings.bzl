# SPDX-License-Identifier: MIT
"""Build settings."""

ChoiceInfo = provider(doc = "What a choice_setting is set to.", fields = ["value"])

def _choice_impl(ctx):
    value = ctx.build_setting_value
    if value not in ctx.attr.values:
        fail("%s is one of %s, not %r" % (ctx.label, ", ".join(ctx.attr.values), value))
    return [ChoiceInfo(value = value)]

choice_setting = rule(
    doc = "A setting with a fixed list of values, for config_setting(flag_values = ...).",
    implementation = _choice_impl,
    build_setting = config.string(flag = True),
    attrs = {"values": attr.string_list(mandatory = True)},
)
