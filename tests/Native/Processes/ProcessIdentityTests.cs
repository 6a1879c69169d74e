using System.Diagnostics;
using Container.Native.Processes;
using Xunit;

namespace Container.Native.Tests.Processes;

public sealed class ProcessIdentityTests
{
    [Fact]
    public void OnlyTheProcessThatIsMeantIsKilled()
    {
        using Process process = Process.Start("sleep", "1000");
        try
        {
            ProcessIdentity identity = ProcessIdentity.TryRead(process.Id)!.Value;
            Assert.False((identity with { StartTime = identity.StartTime - 1 }).Kill());
            Assert.False(process.HasExited);
            Assert.True(identity.Kill());
            Assert.True(process.WaitForExit(Poll.Patience));
            Assert.Equal(137, process.ExitCode);
            Assert.False(identity.IsRunning);
            Assert.False(identity.Kill());
        }
        finally
        {
            process.Kill();
        }
    }

    [Fact]
    public void NoProcessIsNoError() => Assert.False(new ProcessIdentity(0, 0).Kill());
}
