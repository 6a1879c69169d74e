using System.Security.Cryptography;
using System.Text;
using Container.Engine.Catalog;
using Container.Engine.Configuration;
using Container.Engine.Containers;
using Container.Engine.Errors;
using Container.Engine.Monitor;
using Xunit;

namespace Container.Engine.Tests.Containers;

public sealed class ContainerExecTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void A_process_has_streams_and_an_exit_code()
    {
        using TestEngine test = TestEngine.WithRuntime();
        string id = Sleeper(test);

        using ExecSession session = Exec(test, id, "echo out; echo err >&2; exit 5");
        string errors = Read(session.Stderr!);
        Assert.Equal("out\n", Read(session.Stdout!));
        Assert.Equal("err\n", errors);
        Assert.Equal(new ContainerExit(5, null, false), session.Wait(Cancellation));
        Assert.Null(session.Stdin);
    }

    [Fact]
    public void Bytes_go_through_unchanged()
    {
        using TestEngine test = TestEngine.WithRuntime();
        string id = Sleeper(test);
        byte[] data = RandomNumberGenerator.GetBytes(4 << 20);
        using ExecSession session = test.Containers.Exec(
            id, new ExecOptions { Command = ["/bin/cat"], Interactive = true }, Cancellation);

        Thread writer = new(() =>
        {
            session.Stdin!.Write(data);
            session.Stdin.Dispose();
        });
        writer.Start();
        using MemoryStream copy = new();
        session.Stdout!.CopyTo(copy);
        writer.Join();

        Assert.True(data.AsSpan().SequenceEqual(copy.ToArray()));
        Assert.Equal(0, session.Wait(Cancellation).ExitCode);
    }

    [Fact]
    public void A_background_process_that_keeps_the_streams_keeps_nobody_waiting()
    {
        using TestEngine test = TestEngine.WithRuntime();
        string id = Sleeper(test);

        using ExecSession session = Exec(test, id, "sleep 1000 & echo done");
        Assert.Equal("done\n", Read(session.Stdout!));
        Assert.Equal(0, session.Wait(Cancellation).ExitCode);
    }

    [Fact]
    public void Closing_a_session_kills_its_process()
    {
        using TestEngine test = TestEngine.WithRuntime();
        string id = Sleeper(test);
        ExecSession session = Exec(test, id, "echo begun; exec sleep 1234");
        byte[] buffer = new byte[6];
        session.Stdout!.ReadExactly(buffer);
        session.Dispose();

        Poll.Until(() => !Commands(test, id).Contains("1234"), "its process is still there");
        Assert.ThrowsAny<OperationCanceledException>(() => session.Wait(Cancellation));
    }

    [Fact]
    public void Disposing_ends_a_read_in_another_thread()
    {
        using TestEngine test = TestEngine.WithRuntime();
        string id = Sleeper(test);
        ExecSession session = Exec(test, id, "exec sleep 1000");
        int? read = null;
        Thread reader = new(() => read = session.Stdout!.Read(new byte[1]));
        reader.Start();
        Thread.Sleep(100);
        session.Dispose();

        Assert.True(reader.Join(Poll.Patience));
        Assert.Equal(0, read);
    }

    [Fact]
    public void User_directory_and_environment_are_as_asked()
    {
        using TestEngine test = TestEngine.WithRuntime();
        string id = Sleeper(test, new() { Environment = new Dictionary<string, string> { ["FROM"] = "container" } });
        using ExecSession session = test.Containers.Exec(
            id,
            new ExecOptions
            {
                Command = ["/bin/sh", "-c", "id -u; id -g; id -G; pwd; echo $FROM $MORE $HOME"],
                User = "web",
                WorkingDirectory = "/tmp",
                Environment = new Dictionary<string, string> { ["MORE"] = "exec" },
            },
            Cancellation);

        Assert.Equal("1000\n1001\n1001 2000\n/tmp\ncontainer exec /srv\n", Read(session.Stdout!));
    }

    [Theory]
    [InlineData("4294967296")]
    [InlineData("nobody")]
    [InlineData("0x0")]
    [InlineData("99999")] // not in the container's id range: never the overflow id
    public void A_user_that_is_none_is_an_error(string user)
    {
        using TestEngine test = TestEngine.WithRuntime();
        string id = Sleeper(test);

        EngineException failure = Assert.Throws<EngineException>(() => test.Containers.Exec(
            id, new ExecOptions { Command = ["/bin/true"], User = user }, Cancellation));
        Assert.Equal(ErrorId.InvalidUser, failure.Id);
    }

    [Theory]
    [InlineData("/bin/nothing-there", ErrorId.CommandNotFound)]
    [InlineData("/etc/passwd", ErrorId.CommandNotExecutable)]
    public void A_command_that_cannot_be_run_is_an_error(string command, string error)
    {
        using TestEngine test = TestEngine.WithRuntime();
        string id = Sleeper(test);

        EngineException failure = Assert.Throws<EngineException>(() => test.Containers.Exec(
            id, new ExecOptions { Command = [command] }, Cancellation));
        Assert.Equal(error, failure.Id);
        Assert.Equal(ContainerState.Running, test.Containers.Resolve(id).State);
    }

    [Fact]
    public void A_terminal_is_one_stream_with_a_size()
    {
        using TestEngine test = TestEngine.WithRuntime();
        string id = Sleeper(test);
        using ExecSession session = test.Containers.Exec(
            id,
            new ExecOptions
            {
                Command = ["/bin/sh", "-c",
                    "test -t 0 && test -t 1 && echo terminal; /bin/busybox stty size; read line; echo got $line"],
                Tty = true,
                Width = 100,
                Height = 30,
            },
            Cancellation);
        const string beginning = "terminal\r\n30 100\r\n";
        byte[] buffer = new byte[beginning.Length];
        session.Stdout!.ReadExactly(buffer);
        session.Stdin!.Write("hello\n"u8);

        Assert.Equal(beginning, Encoding.ASCII.GetString(buffer));
        Assert.Equal("hello\r\ngot hello\r\n", Read(session.Stdout!));
        Assert.Null(session.Stderr);
        Assert.NotNull(session.Terminal);
        Assert.Equal(0, session.Wait(Cancellation).ExitCode);
    }

    [Fact]
    public void A_detached_process_outlives_its_caller()
    {
        using TestEngine test = TestEngine.WithRuntime();
        string id = Sleeper(test);
        ExecSession session = test.Containers.Exec(
            id, new ExecOptions { Command = ["/bin/sleep", "4321"], Detach = true }, Cancellation);
        Assert.True(session.Pid > 0);
        session.Dispose();

        Thread.Sleep(200);
        Assert.Contains("4321", Commands(test, id));
    }

    [Fact]
    public void A_container_can_be_attached_from_its_first_byte_on()
    {
        using TestEngine test = TestEngine.WithRuntime();
        ContainerRecord made = test.Make(ContainerRunTests.Shell(test, "rootfs", "cat; echo err >&2; exit 4") with
        {
            Interactive = true,
        });
        using ExecSession session = test.Containers.StartAttached(
            made.Id, new StartOptions { AttachStdin = true }, Cancellation);
        session.Stdin!.Write("line\n"u8);
        session.Stdin.Dispose();

        Assert.Equal("line\n", Read(session.Stdout!));
        Assert.Equal("err\n", Read(session.Stderr!));
        Assert.Equal(4, session.Wait(Cancellation).ExitCode);
        Assert.Equal(4, test.Containers.Resolve(made.Id).ExitCode);
        Assert.Equal(2, test.Containers.ReadLog(made.Id, null, Cancellation).Count());
    }

    [Fact]
    public void A_late_client_sees_what_is_written_from_then_on()
    {
        using TestEngine test = TestEngine.WithRuntime();
        ContainerRecord made = test.Make(
            ContainerRunTests.Shell(test, "rootfs", "cat; exit 6") with { Interactive = true });
        test.Containers.Start(made.Id, Cancellation);
        using ExecSession session = test.Containers.Attach(made.Id, stdin: true, Cancellation);
        session.Stdin!.Write("late\n"u8);
        byte[] buffer = new byte[5];
        session.Stdout!.ReadExactly(buffer);

        Assert.Equal("late\n", Encoding.UTF8.GetString(buffer));
        test.Containers.Kill(made.Id, "KILL", cancellation: Cancellation);
        Assert.Equal(new ContainerExit(137, 9, false), session.Wait(Cancellation));
    }

    internal static string Sleeper(TestEngine test, ContainerConfiguration? more = null)
    {
        ContainerRecord made = test.Make((more ?? new()) with
        {
            RootFsPath = test.MakeRootFs(), Command = "/bin/sleep", ArgumentList = ["100000"],
        });
        test.Containers.Start(made.Id, Cancellation);
        return made.Id;
    }

    internal static ExecSession Exec(TestEngine test, string id, string script) => test.Containers.Exec(
        id, new ExecOptions { Command = ["/bin/sh", "-c", script] }, Cancellation);

    private static string[] Commands(TestEngine test, string id) =>
        [.. test.Containers.GetProcesses(id).SelectMany(process => process.CommandLine)];

    internal static string Read(Stream stream)
    {
        using StreamReader reader = new(stream, leaveOpen: true);
        return reader.ReadToEnd();
    }
}
