namespace Container.Native.Security;

/// <summary>
/// Writes "every value but these" as conditions of the form <c>argument &amp; mask == value</c>.
/// </summary>
/// <remarks>
/// Needed because a rule allows: for a system call with an unconditional rule libseccomp drops the conditional ones, so
/// "allow, except" has to be said in conditions only. NE, LT and GT compare all 64 bits of the register; where the
/// kernel takes an int, the upper half is whatever the caller left there, and setting it on purpose gets round such a
/// condition (CVE-2019-10063). A mask looks at the half that counts.
/// </remarks>
internal static class MaskedRanges
{
    /// <summary>
    /// The ranges that cover the values of <paramref name="bits"/> bits, apart from <paramref name="excluded"/>. They
    /// do not overlap, so the order of the rules does not matter.
    /// </summary>
    public static List<(ulong Mask, ulong Value)> AllBut(int bits, params uint[] excluded)
    {
        var result = new List<(ulong Mask, ulong Value)>();
        Cover(result, bits, 0, excluded);
        return result;
    }

    // A range of 2^free values that starts at "start": whole if nothing in it is excluded, else halved.
    private static void Cover(List<(ulong Mask, ulong Value)> result, int free, ulong start, uint[] excluded)
    {
        ulong inside = (1UL << free) - 1;
        foreach (uint value in excluded)
        {
            if ((value & ~inside) != start) continue;
            if (free == 0) return;
            Cover(result, free - 1, start, excluded);
            Cover(result, free - 1, start | (1UL << (free - 1)), excluded);
            return;
        }

        result.Add((0xFFFFFFFF & ~inside, start));
    }
}
