# Mounts by their places, not their numbers: what lies where, under what, in which order.
$1 == "mountinfo" && NF > 8 {
    shared = ""
    for (i = 8; $i != "-"; i++) { sub(/:.*/, "", $i); shared = shared " " $i }
    rest = ""
    for (i++; i <= NF; i++) rest = rest " " $i
    place[$2] = $6
    parent[++count] = $3
    start[count] = "mount " $6 (seen[$6]++ ? " again" : "") " of " $5
    end[count] = $7 " propagation" (shared == "" ? " private" : shared) rest
    if ($6 !~ /^\/(proc|sys)\//) order = order " " $6
    next
}
{ print }
END {
    for (i = 1; i <= count; i++) print start[i], "in", (parent[i] in place ? place[parent[i]] : "-"), end[i]
    if (order != "") print "mounts in order:" order
}
