namespace Container.Native.Processes;

/// <summary>How a process ended: waitid(2).</summary>
/// <param name="Code">The argument of _exit(2), or 128 and the signal's number, as shells count.</param>
/// <param name="Signal">The signal that ended it, or 0.</param>
public readonly record struct ExitStatus(int Code, int Signal);
