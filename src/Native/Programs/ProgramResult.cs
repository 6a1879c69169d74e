using Container.Native.Processes;

namespace Container.Native.Programs;

/// <summary>How a program of the host ended.</summary>
/// <param name="Status">Its exit status; null where it took too long and was killed.</param>
/// <param name="Output">What it wrote to standard output and error.</param>
internal sealed record ProgramResult(ExitStatus? Status, string Output);
