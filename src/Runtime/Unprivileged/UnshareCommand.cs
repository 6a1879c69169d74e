using System.Globalization;
using System.Text;
using Container.Native.IdMapping;
using Container.Native.Launch;
using Container.Native.Oci;
using Container.Native.Syscalls;
using Container.Runtime.Monitor;
using Container.Runtime.OwnProcess;

namespace Container.Runtime.Unprivileged;

/// <summary>
/// <c>psrun unshare USERS GROUPS COMMAND…</c>: runs another command of psrun as root of a user namespace with these
/// ids, each <c>INSIDE:OUTSIDE:COUNT,…</c>; or, <c>psrun unshare --with PID COMMAND…</c>, in the user namespace that
/// process is in. A command that goes on in the background is not waited for, unless <c>--removal DIR</c> comes first: then
/// it waits for the monitor of that container, to have the container removed.
/// </summary>
internal static class UnshareCommand
{
    private const int LeastArguments = 3;
    private const string Usage = "usage: psrun unshare [--removal DIR] USERS GROUPS COMMAND…";

    /// <summary>Returns the exit code of the command.</summary>
    public static int Run(ReadOnlySpan<string> arguments)
    {
        if (arguments.Length < LeastArguments) return Fail(Usage);
        string? removal = null;
        if (arguments[0] == "--removal")
        {
            removal = arguments[1];
            arguments = arguments[2..];
            if (arguments.Length < LeastArguments) return Fail(Usage);
            BackgroundProcess.Detach("psrun-removal");
        }

        try
        {
            string[] command = arguments[2..].ToArray();
            bool background = command[0] == "files" || (command[0] == "monitor" && Array.IndexOf(command, "--plan") < 0);
            bool wait = !background || removal is not null;
            int code = arguments[0] == "--with"
                ? NamespacedStart.RunWith(Pid(arguments[1]), command, wait)
                : NamespacedStart.Run(Parse(arguments[0]), Parse(arguments[1]), command, wait);
            if (removal is not null) OwnerRemoval.Run(removal);
            return code;
        }
        catch (Exception failure) when (failure is IdMapException or LaunchException or SystemCallException
            or FormatException)
        {
            return Fail(failure.Message);
        }
    }

    private static int Pid(string text) => Number(text, out uint pid) && pid is > 0 and <= int.MaxValue
        ? (int)pid
        : throw new FormatException($"'{text}' is no process");

    private static List<OciIdMapping> Parse(string text)
    {
        List<OciIdMapping> mappings = [];
        foreach (string range in text.Split(','))
        {
            string[] numbers = range.Split(':');
            if (numbers.Length != 3 || !Number(numbers[0], out uint inside) || !Number(numbers[1], out uint outside)
                || !Number(numbers[2], out uint size))
                throw new FormatException($"'{range}' is not INSIDE:OUTSIDE:COUNT");
            mappings.Add(new OciIdMapping { ContainerId = inside, HostId = outside, Size = size });
        }

        return mappings;
    }

    private static bool Number(string text, out uint number) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    private static int Fail(string message)
    {
        FileCalls.WriteAll(2, Encoding.UTF8.GetBytes($"psrun: {message}\n"), "standard error");
        return 1;
    }
}
