using System.Diagnostics;
using Xunit;

namespace Container.Native.Tests.Security;

/// <summary>Runs programs of this host under a filter: bwrap(1) installs what <c>--seccomp</c> gets.</summary>
internal static class Bubblewrap
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    public static (int ExitCode, string Output) Run(byte[] program, string command, params string[] arguments)
    {
        SkipWithout("bwrap");
        SkipWithout(command);
        string filter = Path.Combine(Path.GetTempPath(), $"filter-{Guid.NewGuid():n}.bpf");
        File.WriteAllBytes(filter, program);
        try
        {
            const string Script = "exec 9<\"$0\"; exec bwrap --dev-bind / / --seccomp 9 -- \"$@\" 2>&1 </dev/null";
            var start = new ProcessStartInfo("/bin/bash", ["-c", Script, filter, command, .. arguments])
            {
                RedirectStandardOutput = true,
            };
            using Process process = Process.Start(start)!;
            Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            if (!process.WaitForExit(Limit))
            {
                process.Kill(entireProcessTree: true);
                Assert.Fail($"{command} did not end under the filter");
            }

            return (process.ExitCode, output.GetAwaiter().GetResult());
        }
        finally
        {
            File.Delete(filter);
        }
    }

    private static void SkipWithout(string command)
    {
        string? path = Environment.GetEnvironmentVariable("PATH");
        bool found = command.StartsWith('/')
            ? File.Exists(command)
            : path!.Split(':').Any(directory => File.Exists(Path.Combine(directory, command)));
        Assert.SkipUnless(found, $"{command} is not installed");
    }
}
