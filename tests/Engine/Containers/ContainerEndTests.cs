using System.Collections.Concurrent;
using Container.Engine.Catalog;
using Container.Engine.Configuration;
using Container.Engine.Containers;
using Container.Engine.Errors;
using Container.Engine.Monitor;
using Xunit;

namespace Container.Engine.Tests.Containers;

/// <summary>What is asked of a container while it ends, or is removed, is answered by that, never by chance.</summary>
public sealed class ContainerEndTests
{
    private const int Rounds = 12;

    private static readonly string[] Expected =
        [ErrorId.ContainerNotRunning, ErrorId.ContainerNotFound, ErrorId.ContainerPaused];

    public static TheoryData<string> Requests =>
        ["exec", "user", "attach", "signal", "pause", "update", "health", "copy", "write", "measure", "processes", "log"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Requests))]
    public void A_request_beside_the_end_says_that_it_does_not_run(string request)
    {
        using TestEngine test = TestEngine.WithRuntime();
        string rootFs = test.MakeRootFs();
        ConcurrentDictionary<string, int> told = new(StringComparer.Ordinal);
        for (int round = 0; round < Rounds; round++)
        {
            ContainerRecord made = test.Make(new ContainerConfiguration
            {
                RootFsPath = rootFs,
                Command = "/bin/sh",
                ArgumentList = ["-c", $"sleep 0.0{round % 10}"],
                HealthCheck = new ContainerHealthCheck { Command = ["/bin/true"] },
            });
            test.Containers.Start(made.Id, Cancellation);
            using CancellationTokenSource removed = new();
            Thread[] askers = [.. Enumerable.Range(0, 2).Select(_ => new Thread(() => Ask(test, request, made.Id, told)))];
            foreach (Thread asker in askers) asker.Start();
            if (round % 2 == 1)
            {
                Thread.Sleep(round / 2);
                test.Containers.Remove(made.Id, force: true, Cancellation);
            }
            else
            {
                test.Containers.Wait(made.Id, Cancellation);
            }

            foreach (Thread asker in askers) asker.Join();
        }

        string unexpected = string.Join('\n', told.Keys.Except(Expected));
        Assert.True(unexpected.Length == 0, unexpected);
    }

    // Until the end has been told for some time, or is what nobody asks any more.
    private static void Ask(TestEngine test, string request, string id, ConcurrentDictionary<string, int> told)
    {
        const int Enough = 5;
        for (int ends = 0; ends < Enough;)
        {
            try
            {
                if (!Do(test, request, id)) ends++;
            }
            catch (EngineException failure)
            {
                bool expected = Expected.Contains(failure.Id);
                told.AddOrUpdate(expected ? failure.Id : $"{failure.Id}: {failure.Message}", 1, (_, count) => count + 1);
                if (failure.Id != ErrorId.ContainerPaused) ends++;
            }
#pragma warning disable CA1031 // whatever it is, it is to be told by the test, not by the end of the process
            catch (Exception failure)
#pragma warning restore CA1031
            {
                told.AddOrUpdate(failure.ToString(), 1, (_, count) => count + 1);
                ends++;
            }
        }
    }

    /// <summary>False where the answer of a container that does not run is no error.</summary>
    private static bool Do(TestEngine test, string request, string id)
    {
        ContainerService containers = test.Containers;
        switch (request)
        {
            case "exec" or "user":
                ExecOptions options = new() { Command = ["/bin/true"], User = request == "user" ? "web" : null };
                using (ExecSession session = containers.Exec(id, options, Cancellation)) session.Wait(Cancellation);
                return true;
            case "attach":
                using (containers.Attach(id, cancellation: Cancellation)) return true;
            case "signal":
                containers.Kill(id, "CONT", cancellation: Cancellation);
                return true;
            case "pause":
                if (containers.Pause(id, Cancellation).State != ContainerState.Paused) return false;
                containers.Resume(id, Cancellation);
                return true;
            case "update":
                containers.Update(id, static was => was with { PidsLimit = (was.PidsLimit ?? 100) + 1 }, new HashSet<string>(), Cancellation);
                return IsAlive(containers, id);
            case "health":
                containers.CheckHealth(id, Cancellation);
                return true;
            case "copy":
                containers.CopyTo(id, "/etc/hostname", "/tmp/copied", cancellation: Cancellation);
                return IsAlive(containers, id);
            case "write":
                containers.WriteItem(id, "/tmp/written", new MemoryStream([1, 2, 3]), cancellation: Cancellation);
                return IsAlive(containers, id);
            case "measure":
                return containers.TryMeasure(id) is not null;
            case "processes":
                return containers.GetProcesses(id).Count > 0;
            default:
                _ = containers.ReadLog(id, cancellation: Cancellation).Count();
                return IsAlive(containers, id);
        }
    }

    private static bool IsAlive(ContainerService containers, string id) => containers.Resolve(id).State != ContainerState.Exited;
}
