using Container.Engine.Files;
using Container.Native.Files;
using Container.Native.Syscalls;
using Microsoft.Win32.SafeHandles;

namespace Container.Engine.Images.Archives;

/// <summary>The files of an image archive by their names: of a directory, or of a tar archive.</summary>
internal abstract class ArchiveFiles(ArchiveLimits limits) : IDisposable
{
    private const int MaximumEntries = 100_000;
    private const int MaximumLinks = 8;

    private long read;

    /// <summary>Opens a file; null where there is none of the name.</summary>
    public abstract Stream? TryOpen(string name);

    /// <summary>Opens a file that has to be there.</summary>
    public Stream Open(string name) => TryOpen(name) ?? throw ArchiveFailure.Invalid($"it has no file '{name}'");

    /// <summary>The content of a small file.</summary>
    public byte[]? TryRead(string name, int limit)
    {
        using Stream? file = TryOpen(name);
        if (file is null) return null;
        if (file.Length > limit) throw ArchiveFailure.TooLarge($"'{name}' has {file.Length:N0} bytes");
        if ((read += file.Length) > limits.Documents)
            throw ArchiveFailure.TooLarge($"its manifests and the like have more than {limits.Documents:N0} bytes");
        byte[] content = new byte[file.Length];
        file.ReadExactly(content);
        return content;
    }

    public abstract void Dispose();

    public static ArchiveFiles Of(
        string path, string temporary, ArchiveLimits limits, CancellationToken cancellation) =>
        Directory.Exists(path)
            ? new DirectoryFiles(RootDirectory.Open(path), limits)
            : TarFiles.Read(path, temporary, limits, cancellation);

    private sealed class DirectoryFiles(RootDirectory directory, ArchiveLimits limits) : ArchiveFiles(limits)
    {
        public override Stream? TryOpen(string name)
        {
            try
            {
                FileDescriptor file = directory.OpenFile(name);
                return new FileStream(
                    new SafeFileHandle(file.Detach(), ownsHandle: true), FileAccess.Read, bufferSize: 0);
            }
            catch (SystemCallException failure) when (failure.Errno is Errno.ENOENT or Errno.ENOTDIR)
            {
                return null;
            }
        }

        public override void Dispose() => directory.Dispose();
    }

    private sealed class TarFiles : ArchiveFiles
    {
        private readonly FileStream archive;
        private readonly Dictionary<string, (long Start, long Length)> files = new(StringComparer.Ordinal);
        private readonly Dictionary<string, string> links = new(StringComparer.Ordinal);

        private TarFiles(FileStream archive, ArchiveLimits limits)
            : base(limits) => this.archive = archive;

        public static TarFiles Read(
            string path, string temporary, ArchiveLimits limits, CancellationToken cancellation)
        {
            FileStream archive = ArchiveFile.OpenRead(path);
            try
            {
                archive = Unpacked(archive, temporary, limits, cancellation);
                TarFiles result = new(archive, limits);
                result.Index(limits, cancellation);
                return result;
            }
            catch
            {
                archive.Dispose();
                throw;
            }
        }

        public override Stream? TryOpen(string name)
        {
            for (int link = 0; link < MaximumLinks; link++)
            {
                if (files.TryGetValue(name, out (long Start, long Length) place))
                    return new FileWindow(archive.SafeFileHandle, place.Start, place.Length);
                if (!links.TryGetValue(name, out string? target)) return null;
                name = target;
            }

            return null;
        }

        public override void Dispose() => archive.Dispose();

        // Blobs are wanted out of order, so a compressed archive is unpacked first.
        private static FileStream Unpacked(
            FileStream archive, string temporary, ArchiveLimits limits, CancellationToken cancellation)
        {
            Stream plain = ArchiveCompression.Open(archive);
            if (ReferenceEquals(plain, archive)) return archive;
            FileStream whole = new(
                Path.Combine(temporary, Guid.NewGuid().ToString("N") + ".tar"), FileMode.CreateNew,
                FileAccess.ReadWrite, FileShare.None, 1 << 20, FileOptions.DeleteOnClose);
            try
            {
                using ArchiveSource source = new(plain, () => archive.Position, limits, cancellation);
                while (source.Take(long.MaxValue) is { IsEmpty: false } data) whole.Write(data);
                whole.Position = 0;
                return whole;
            }
            catch
            {
                whole.Dispose();
                throw;
            }
        }

        private void Index(ArchiveLimits limits, CancellationToken cancellation)
        {
            if (archive.Length > limits.Bytes) throw ArchiveFailure.TooLarge($"it has {archive.Length:N0} bytes");
            TarFile input = new(archive.SafeFileHandle, cancellation);
            TarReader reader = new(input, limits);
            while (reader.Next() is { } entry)
            {
                cancellation.ThrowIfCancellationRequested();
                if (files.Count + links.Count >= MaximumEntries)
                    throw ArchiveFailure.TooLarge($"it has more than {MaximumEntries:N0} entries");
                string name = ArchivePath.Normalize(entry.Name);
                if (entry is { Kind: TarEntryKind.File, Segments: null })
                    files[name] = (input.Position, entry.Size);
                else if (entry.Kind == TarEntryKind.SymbolicLink)
                    links[name] = Target(ArchivePath.Parent(name), entry.LinkName);
                else if (entry.Kind == TarEntryKind.HardLink)
                    links[name] = ArchivePath.Normalize(entry.LinkName);
            }
        }

        // docker save links equal layers: ../ID/layer.tar. The result is a name of this archive and nothing else.
        private static string Target(string directory, string link)
        {
            List<string> parts = [.. directory.Split('/', StringSplitOptions.RemoveEmptyEntries)];
            foreach (string part in link.Split('/', StringSplitOptions.RemoveEmptyEntries))
            {
                if (part == ".." && parts.Count > 0) parts.RemoveAt(parts.Count - 1);
                else if (part is not ("." or "..")) parts.Add(part);
            }

            return string.Join('/', parts);
        }
    }
}
