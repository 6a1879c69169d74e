namespace Container.Runtime.Creation;

/// <summary>Where compiled system-call filters are kept: below --root, under a name that no container can have.</summary>
internal static class SeccompDirectory
{
    public static string Of(string root) => root + "/@seccomp";
}
