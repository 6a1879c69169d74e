using Container.Engine;

namespace Container.Cmdlets.Completion;

/// <summary>Completes names of signals.</summary>
public sealed class SignalCompleter : CompleterBase
{
    private static readonly string[] s_signals =
    [
        "TERM", "KILL", "INT", "HUP", "QUIT", "USR1", "USR2", "STOP", "CONT", "TSTP", "ABRT", "ALRM", "WINCH", "PIPE",
        "CHLD", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF", "IO", "PWR", "SYS", "TRAP", "ILL", "BUS",
        "FPE", "SEGV", "STKFLT",
    ];

    internal override IEnumerable<Candidate> Find(ContainerEngine engine, CompletionRequest request)
    {
        bool full = request.Word.StartsWith("SIG", StringComparison.OrdinalIgnoreCase);
        return s_signals.Select(signal => new Candidate(full ? "SIG" + signal : signal, "SIG" + signal));
    }
}
