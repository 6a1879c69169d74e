using System.IO.Compression;
using System.IO.Pipes;
using Container.Engine.Errors;
using Container.Engine.Images.Archives;
using Container.Engine.Store;
using Container.Native.Files;
using Container.Native.Syscalls;

namespace Container.Engine.Images;

/// <summary>Layers on their way into the store: unpacked into drafts, kept with the image that has them.</summary>
internal sealed class LayerIntake(
    LayerStore layers, ArchiveLimits limits, IProgress<ImageProgress>? progress, CancellationToken cancellation)
    : IDisposable
{
    private readonly List<(LayerDraft Draft, string Digest, LayerDocument Document)> taken = [];

    /// <summary>Unpacks a layer from an archive that can be read twice.</summary>
    /// <param name="open">Opens the archive, compressed or not, at its beginning.</param>
    /// <returns>The digest of the uncompressed tar.</returns>
    public string TakeArchive(Func<Stream> open)
    {
        LayerDraft draft = layers.Begin();
        try
        {
            using Stream file = open();
            long total = file.Length;
            using Stream plain = ArchiveCompression.Open(file);
            (string digest, LayerDocument document, bool exact) =
                Unpack(plain, () => file.Position, total, draft);

            // A later entry of the same name replaced a file: the tree alone does not give the archive again.
            if (!exact) KeepWhole(open, draft);
            Add(draft, digest, document);
            return digest;
        }
        catch (IOException failure) when ((Errno)failure.HResult is Errno.ENOSPC or Errno.EDQUOT or Errno.EIO)
        {
            draft.Dispose();
            throw StoreFailure.Describe(
                new SystemCallException("write", draft.Path, (Errno)failure.HResult), draft.Path);
        }
        catch
        {
            draft.Dispose();
            throw;
        }
    }

    /// <summary>Unpacks a layer that is written while it is read.</summary>
    public string TakeWritten(string path, Action<Stream> write)
    {
        LayerDraft draft = layers.Begin();
        try
        {
            using AnonymousPipeServerStream output = new(PipeDirection.Out);
            using AnonymousPipeClientStream input = new(PipeDirection.In, output.ClientSafePipeHandle);
            Task writer = Task.Factory.StartNew(
                () =>
                {
                    using BufferedStream buffered = new(output, 1 << 16);
                    write(buffered);
                },
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default);
            try
            {
                (string digest, LayerDocument document, _) = Unpack(input, () => long.MaxValue, 0, draft);
                writer.GetAwaiter().GetResult();
                Add(draft, digest, document);
                return digest;
            }
            catch (EngineException failure) when (
                failure.Id == ErrorId.ArchiveInvalid && WriterFailure(input, writer) is { } cause)
            {
                throw cause is SystemCallException call ? EngineException.From(call, path) : cause;
            }
            finally
            {
                input.Dispose();
                ((IAsyncResult)writer).AsyncWaitHandle.WaitOne();
            }
        }
        catch (IOException failure) when ((Errno)failure.HResult is Errno.ENOSPC or Errno.EDQUOT or Errno.EIO)
        {
            draft.Dispose();
            throw StoreFailure.Describe(
                new SystemCallException("write", draft.Path, (Errno)failure.HResult), draft.Path);
        }
        catch
        {
            draft.Dispose();
            throw;
        }
    }

    /// <summary>Makes the layers part of the store; the caller holds its lock.</summary>
    public void Keep()
    {
        foreach ((LayerDraft draft, string digest, LayerDocument document) in taken)
            layers.Keep(draft, digest, document);
    }

    public void Dispose()
    {
        foreach ((LayerDraft draft, _, _) in taken) draft.Dispose();
    }

    private void Add(LayerDraft draft, string digest, LayerDocument document)
    {
        Flush(draft);
        taken.Add((draft, digest, document));
    }

    private (string Digest, LayerDocument Layer, bool Exact) Unpack(
        Stream plain, Func<long> compressed, long total, LayerDraft draft)
    {
        string record = Path.Combine(draft.Path, LayerStore.RecordName);
        using LayerRecorder recorder = new(record);
        using ArchiveSource source = new(plain, compressed, limits, cancellation) { Recorder = recorder };
        LayerUnpacker unpacker = new(
            draft.Tree,
            source,
            limits,
            progress is null ? null : entries => progress.Report(
                new ImageProgress("Unpacking", total == 0 ? source.Position : compressed(), total, entries)));
        unpacker.Run(cancellation);
        LayerDocument layer = new()
        {
            ArchiveSize = source.Position,
            ContentSize = unpacker.ContentSize,
            Entries = unpacker.Entries,
            Implied = [.. unpacker.Implied.Order(StringComparer.Ordinal)],
        };
        return (source.GetDigest(), layer, !recorder.IsBroken);
    }

    private void KeepWhole(Func<Stream> open, LayerDraft draft)
    {
        using Stream file = open();
        using Stream plain = ArchiveCompression.Open(file);
        using FileStream target = File.Create(Path.Combine(draft.Path, LayerStore.ArchiveName));
        using GZipStream output = new(target, CompressionLevel.Fastest);
        byte[] buffer = new byte[1 << 18];
        int count;
        while ((count = plain.Read(buffer)) > 0)
        {
            cancellation.ThrowIfCancellationRequested();
            output.Write(buffer, 0, count);
        }
    }

    // What cannot be read ends the archive early: the cause is the writer's, not the archive's.
    private static Exception? WriterFailure(AnonymousPipeClientStream input, Task writer)
    {
        input.Dispose();
        ((IAsyncResult)writer).AsyncWaitHandle.WaitOne();
        return writer.Exception?.InnerException is { } failure and not IOException ? failure : null;
    }

    // What the rename of the layer promises must be on the disk before it.
    private static void Flush(LayerDraft draft)
    {
        try
        {
            using FileDescriptor tree = draft.Tree.OpenDirectory("/");
            tree.FlushFileSystem(draft.Path);
        }
        catch (SystemCallException failure)
        {
            throw StoreFailure.Describe(failure, draft.Path);
        }
    }
}
