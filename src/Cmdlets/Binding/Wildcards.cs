using System.Management.Automation;

namespace Container.Cmdlets.Binding;

/// <summary>
/// Wildcards, the same in every culture. Names that this module gave are found in either case; what came from images
/// and from inside containers is told apart by it.
/// </summary>
internal static class Wildcards
{
    /// <summary>For names of ours, and for text a person searches.</summary>
    public static WildcardPattern AnyCase(string text) =>
        WildcardPattern.Get(text, WildcardOptions.IgnoreCase | WildcardOptions.CultureInvariant);

    /// <summary>For references, labels, variables and processes.</summary>
    public static WildcardPattern Exact(string text) => WildcardPattern.Get(text, WildcardOptions.CultureInvariant);
}
