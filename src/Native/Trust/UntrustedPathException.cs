namespace Container.Native.Trust;

/// <summary>Root would have to believe what another user can change.</summary>
public sealed class UntrustedPathException : Exception
{
    /// <summary>Names what is wrong on the way to <paramref name="path"/>.</summary>
    /// <param name="path">What was to be used.</param>
    /// <param name="place">The directory, link or file on the way that another user can change.</param>
    /// <param name="problem">Why that is so.</param>
    public UntrustedPathException(string path, string place, string problem)
        : base($"root does not use '{path}': '{place}' {problem}")
    {
        Path = path;
        Place = place;
        Problem = problem;
    }

    /// <summary>What was to be used.</summary>
    public string Path { get; }

    /// <summary>What another user can change.</summary>
    public string Place { get; }

    /// <summary>Why that is so.</summary>
    public string Problem { get; }
}
