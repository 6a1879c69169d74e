# Mounts by their places, not their numbers: what lies where, under what, in which order.
$1 == "mountinfo" && NF > 8 {
    place[$2] = $6
    shared = ""
    for (i = 8; $i != "-"; i++) { sub(/:.*/, "", $i); shared = shared " " $i }
    rest = ""
    for (i++; i <= NF; i++) rest = rest " " $i
    parent = $3 in place ? place[$3] : "-"
    count = ++seen[$6]
    print "mount " $6 (count > 1 ? " again" : "") " of " $5 " in " parent " " $7 " propagation" (shared == "" ? " private" : shared) rest
    if ($6 !~ /^\/(proc|sys)\//) order = order " " $6
    next
}
{ print }
END { if (order != "") print "mounts in order:" order }
