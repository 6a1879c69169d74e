using System.Diagnostics;
using Container.Native.Json;
using Container.Native.Oci.Documents;
using Container.Native.Syscalls;
using Xunit;

namespace Container.Native.Tests.Oci;

public sealed class FileTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("oci-file-").FullName;

    private string FilePath => Path.Combine(directory, "config.json");

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public void AFileIsRead()
    {
        File.WriteAllText(FilePath, Documents.Minimal);
        Assert.Equal("rootfs", OciDocument.ReadSpec(OciDocument.ReadFile(FilePath)).Root!.Path);
    }

    [Fact]
    public void AFileOf100MegabytesIsRefusedUnread()
    {
        using (FileStream file = File.Create(FilePath)) file.SetLength(100_000_000);
        long before = GC.GetAllocatedBytesForCurrentThread();
        DocumentException exception = Assert.Throws<DocumentException>(() => OciDocument.ReadFile(FilePath));
        Assert.Equal("100000000 bytes long, the limit is 16777216", exception.Message);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
    }

    [Fact]
    public void AFifoIsRefusedAtOnce()
    {
        using Process mkfifo = Process.Start("mkfifo", [FilePath]);
        mkfifo.WaitForExit();
        Assert.Equal("not a regular file", Assert.Throws<DocumentException>(() => OciDocument.ReadFile(FilePath)).Message);
    }

    [Fact]
    public void AFileThatIsNotThereSaysSo() => Assert.Equal(
        Errno.ENOENT, Assert.Throws<SystemCallException>(() => OciDocument.ReadFile(FilePath)).Errno);
}
