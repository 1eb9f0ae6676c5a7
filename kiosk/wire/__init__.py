"""What goes over the line between a station and the center: values, their bytes, and the limits of both sides.

Structures are MessagePack maps. A reader ignores keys that it does not know and fills in those that are missing, so a
newer side may add some; a change that an older side could not live with gets a new path instead. Every hash, signature
and sealed blob names its algorithm.
"""
