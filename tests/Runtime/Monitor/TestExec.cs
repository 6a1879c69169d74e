using System.Text;
using Container.Native.Monitor;
using Container.Native.Oci;
using Container.Native.Oci.Documents;
using Container.Native.Syscalls;
using Xunit;

namespace Container.Runtime.Tests.Monitor;

/// <summary>A further process in a test's container.</summary>
internal sealed class TestExec : IDisposable
{
    public TestExec(
        TestContainer container, string[] command, bool terminal = false, bool detach = false, string? user = null)
    {
        Client = container.Connect();
        OciProcess process = container.Spec.Process! with
        {
            Args = command,
            User = new OciUser { Uid = user is null ? 0 : uint.Parse(user, null) },
        };
        using FileDescriptor document = Memfd.Create("process.json");
        FileCalls.WriteAll(document.Number, OciDocument.Write(process), "process.json");
        MonitorMessage request = new()
        {
            Type = "exec",
            Terminal = terminal,
            Width = terminal ? 100u : null,
            Height = terminal ? 30u : null,
            Detach = detach,
        };
        if (terminal || detach)
        {
            Client.Send(request, document.Number);
        }
        else
        {
            using TestPipe input = new();
            using TestPipe output = new();
            using TestPipe error = new();
            Client.Send(request, document.Number, input.Read.Number, output.Write.Number, error.Write.Number);
            Input = input.TakeWrite();
            Output = output.TakeRead();
            Error = error.TakeRead();
        }

        Answer = Client.Receive();
    }

    public TestClient Client { get; }

    public MonitorMessage Answer { get; }

    public FileDescriptor? Input { get; private set; }

    public FileDescriptor? Output { get; }

    public FileDescriptor? Error { get; }

    /// <summary>Waits for the end and returns the exit code.</summary>
    public int WaitForExit()
    {
        Assert.True(Answer.Type == "started", Answer.Message);
        MonitorMessage end = Client.Receive();
        Assert.Equal("exited", end.Type);
        return end.ExitCode!.Value;
    }

    public void Write(string text) => FileCalls.WriteAll(Input!.Number, Encoding.UTF8.GetBytes(text), "input");

    public void CloseInput()
    {
        Input?.Dispose();
        Input = null;
    }

    public void Dispose()
    {
        Client.Dispose();
        Input?.Dispose();
        Output?.Dispose();
        Error?.Dispose();
    }
}
