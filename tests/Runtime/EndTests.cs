using System.Collections.Concurrent;
using Xunit;

namespace Container.Runtime.Tests;

/// <summary>What is asked of a container while it ends is answered by that, not by the system call that failed.</summary>
public sealed class EndTests : IDisposable
{
    private readonly Psrun psrun = new();
    private readonly Bundle bundle;

    public EndTests() => bundle = new Bundle(psrun, "/bin/sleep", "0.03");

    public void Dispose()
    {
        psrun.Dispose();
        bundle.Dispose();
    }

    [Fact]
    public void AProcessBesideTheEndIsToldOfIt()
    {
        ConcurrentDictionary<string, bool> told = new(StringComparer.Ordinal);
        for (RaceRounds rounds = new(); rounds.Next();)
        {
            string id = Guid.NewGuid().ToString("N");
            psrun.Succeed("run", "-d", "-b", bundle.Path, id);
            Thread[] askers = [.. Enumerable.Range(0, 3).Select(_ => new Thread(() =>
            {
                CommandResult result;
                do
                {
                    result = psrun.Run("exec", id, "true");
                    told[result.Error.Replace(id, "ID", StringComparison.Ordinal).Trim()] = true;
                }
                while (result.Code is 0 or 137);
            }))];
            foreach (Thread asker in askers) asker.Start();
            foreach (Thread asker in askers) asker.Join();
            psrun.Succeed("delete", "--force", id);
        }

        Assert.Equal([], told.Keys.Where(static text => text.Length > 0
            && !text.EndsWith("container 'ID' is stopped, not running", StringComparison.Ordinal)
            && !text.EndsWith("the container has ended", StringComparison.Ordinal)));
    }
}
