namespace Container.Native.Oci;

/// <summary>What lists are asked, without LINQ.</summary>
internal static class Lists
{
    /// <summary>Whether <paramref name="value"/> is among <paramref name="list"/>; an absent list has none.</summary>
    public static bool Has<T>(this IReadOnlyList<T>? list, T value)
        where T : IEquatable<T>
    {
        for (int i = 0; list is not null && i < list.Count; i++)
        {
            if (list[i].Equals(value)) return true;
        }

        return false;
    }

    /// <summary>Whether both have the same values in the same order.</summary>
    public static bool IsSame<T>(IReadOnlyList<T> left, IReadOnlyList<T> right)
        where T : IEquatable<T>
    {
        if (left.Count != right.Count) return false;
        for (int i = 0; i < left.Count; i++)
        {
            if (!left[i].Equals(right[i])) return false;
        }

        return true;
    }
}
