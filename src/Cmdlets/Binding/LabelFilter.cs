using System.Collections;

namespace Container.Cmdlets.Binding;

/// <summary>Finding objects by their labels.</summary>
internal static class LabelFilter
{
    /// <summary>Whether all labels that are asked for are there; the values asked for may have wildcards.</summary>
    public static bool Matches(IDictionary? wanted, IReadOnlyDictionary<string, string>? labels)
    {
        foreach ((string name, string value) in TextMap.From(wanted) ?? TextMap.Empty)
        {
            if (labels?.TryGetValue(name, out string? present) != true) return false;
            if (!Wildcards.Exact(value).IsMatch(present!)) return false;
        }

        return true;
    }
}
