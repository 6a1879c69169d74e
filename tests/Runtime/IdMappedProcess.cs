using System.Diagnostics;
using Xunit;

namespace Container.Runtime.Tests;

/// <summary>A process that holds a user namespace with ids from one range of the host's.</summary>
internal sealed class IdMappedProcess : IDisposable
{
    private readonly Process process;

    private IdMappedProcess(Process process) => this.process = process;

    /// <summary>Its process id.</summary>
    public int Id => process.Id;

    /// <summary>Makes one whose root is the host's id <paramref name="first"/>.</summary>
    public static IdMappedProcess Start(uint first, uint count)
    {
        Process process = Process.Start(new ProcessStartInfo(
            "/usr/bin/unshare", ["--user", "--", "/bin/sh", "-c", "echo ready; read line"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        IdMappedProcess mapped = new(process);
        if (process.StandardOutput.ReadLine() != "ready")
        {
            mapped.Dispose();
            Assert.Skip("needs a user namespace");
        }

        File.WriteAllText($"/proc/{process.Id}/uid_map", $"0 {first} {count}");
        File.WriteAllText($"/proc/{process.Id}/gid_map", $"0 {first} {count}");
        return mapped;
    }

    public void Dispose()
    {
        process.StandardInput.Close();
        process.WaitForExit();
        process.Dispose();
    }
}
