using Container.Native.Syscalls;

namespace Container.Native.Trust;

/// <summary>
/// The one place that judges whether root may believe what a path of the host leads to. Every directory and link on the
/// way and the last entry belong to root, and nobody else may write to them; a sticky directory such as /tmp passes, as
/// nobody else can exchange what is root's in it. Once judged a path stays so: only root can change it. Of an ordinary
/// user nothing is asked, as there are no rights to gain.
/// </summary>
public static class TrustedPath
{
    /// <summary>Whether the path leads to something.</summary>
    /// <exception cref="UntrustedPathException">Root asks, and another user has a hand in it.</exception>
    public static bool Exists(string path) => Find(path, claim: false);

    /// <summary>
    /// The same for a directory of ours, which may be missing. Where others could make it a moment later, its first
    /// missing part is made at once, for its owner alone.
    /// </summary>
    /// <exception cref="UntrustedPathException">Root asks, and another user has a hand in it.</exception>
    public static bool Claim(string path) => Find(path, claim: true);

    private static bool Find(string path, bool claim)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (Users.geteuid() != 0) return Path.Exists(path);
        using TrustedWalk walk = new(Path.GetFullPath(path), claim);
        return walk.Run();
    }
}
