namespace Container.Engine.Logs;

/// <summary>Which of its streams a container wrote to.</summary>
public enum LogStream
{
    /// <summary>Standard output, or the terminal.</summary>
    Stdout,

    /// <summary>Standard error.</summary>
    Stderr,
}
