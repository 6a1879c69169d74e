using System.Text;
using Container.Native.Files;
using Container.Native.Mounts;
using Container.Native.Sockets;
using Container.Native.Syscalls;
using Container.Runtime.OwnProcess;

namespace Container.Runtime.Unprivileged;

/// <summary>
/// <c>psrun files --directory DIR</c>: does to files what an ordinary user's engine may not do itself, in the user
/// namespace it runs in. It is ready when it has written <c>ready</c>, and ends with its one client.
/// </summary>
internal static class FilesCommand
{
    private const int PatienceMilliseconds = 60_000;

    /// <summary>Serves one client; returns the exit code.</summary>
    public static int Run(ReadOnlySpan<string> arguments)
    {
        if (arguments.Length != 2 || arguments[0] != "--directory") return Fail("usage: psrun files --directory DIR");
        try
        {
            Serve(arguments[1]);
            return 0;
        }
        catch (SystemCallException failure)
        {
            return Fail(failure.Message);
        }
    }

    private static void Serve(string directory)
    {
        BackgroundProcess.Detach("psrun-files");
        string path = $"{directory}/{FileAgent.SocketName}";
        PacketSocket client;
        using (PacketSocket listener = PacketSocket.Listen(directory, FileAgent.SocketName, backlog: 1))
        {
            BackgroundProcess.SayReady();
            bool came = listener.Poll(PatienceMilliseconds);
            _ = FileCalls.unlinkat(FileCalls.AT_FDCWD, path, 0);
            if (!came) return;
            client = listener.Accept();
        }

        using (client) new FileAgentServer(client).Run();
    }

    private static int Fail(string message)
    {
        FileCalls.WriteAll(2, Encoding.UTF8.GetBytes($"psrun files: {message}\n"), "standard error");
        return 1;
    }
}
