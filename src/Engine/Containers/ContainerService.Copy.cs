using Container.Engine.Catalog;
using Container.Engine.Errors;
using Container.Engine.Files;
using Container.Engine.Store;
using Container.Native.Files;
using Container.Native.Monitor;
using Container.Native.Syscalls;

namespace Container.Engine.Containers;

public sealed partial class ContainerService
{
    private const uint NewFileMode = 0x1A4;

    /// <summary>Copies a file or tree of the host into a container, which may run or not.</summary>
    /// <returns>The path inside.</returns>
    public string CopyTo(
        string nameOrId,
        string hostPath,
        string path,
        CopyItemOptions? options = null,
        Action<long>? progress = null,
        CancellationToken cancellation = default)
    {
        options ??= new CopyItemOptions();
        using RootDirectory host = RootDirectory.Open(Path.GetDirectoryName(hostPath) ?? "/");
        string name = Path.GetFileName(hostPath.TrimEnd('/'));
        return InContainer(nameOrId, path, write: true, (place, root) =>
        {
            string target = Destination(place, name, path, options.Force, out string shown);
            CopyOptions how = Options(options, place.Ids.ToHost, progress) with { Generated = true };
            TreeCopier copier = new(host, place.Root, how, cancellation);
            copier.Copy(name.Length == 0 ? "/" : name, target, follow: true);
            return shown;
        }, cancellation);
    }

    /// <summary>Copies a file or tree of a container to the host.</summary>
    /// <returns>The path on the host.</returns>
    public string CopyFrom(
        string nameOrId,
        string path,
        string hostPath,
        CopyItemOptions? options = null,
        Action<long>? progress = null,
        CancellationToken cancellation = default)
    {
        options ??= new CopyItemOptions();
        return InContainer(nameOrId, path, write: false, (place, root) =>
        {
            // Resolved in the container's root: a path that ends with a link is what the link leads to.
            FileMetadata metadata = place.Root.GetTargetMetadata(place.Path);
            string name = Path.GetFileName(path.TrimEnd('/'));
            string target = Directory.Exists(hostPath) ? Path.Join(hostPath, name) : hostPath;
            string parent = Path.GetDirectoryName(target) ?? "/";
            if (options.Force) Directory.CreateDirectory(parent);
            using RootDirectory host = RootDirectory.Open(parent);
            TreeCopier copier = new(
                place.Root, host, Options(options, place.Ids.ToContainer, progress), cancellation);
            copier.Copy(place.Path, Path.GetFileName(target), follow: metadata.Kind is not FileKind.SymbolicLink);
            return target;
        }, cancellation);
    }

    /// <summary>Makes a file of a container have the content of a stream.</summary>
    /// <returns>The path inside.</returns>
    public string WriteItem(
        string nameOrId, string path, Stream content, bool force = false, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(content);
        return InContainer(nameOrId, path, write: true, (place, root) =>
        {
            string target = Destination(place, "", path, force, out string shown);
            WholeFile.Create(place.Root, target, file =>
            {
                byte[] buffer = new byte[1 << 20];
                int count;
                while ((count = content.Read(buffer)) > 0)
                {
                    cancellation.ThrowIfCancellationRequested();
                    file.Write(buffer.AsSpan(0, count), path);
                }

                file.SetMode(NewFileMode, path);
            });
            return shown;
        }, cancellation);
    }

    /// <summary>The names in a directory of a container that fit.</summary>
    public IReadOnlyList<string> FindItems(
        string nameOrId, string directory, Func<string, bool> fits, CancellationToken cancellation = default) =>
        InContainer(nameOrId, directory, write: false, (place, _) => place.Root.Enumerate(place.Path)
            .Select(entry => entry.Name).Where(fits).Order(StringComparer.Ordinal).ToList(), cancellation);

    private T InContainer<T>(
        string nameOrId,
        string path,
        bool write,
        Func<ContainerPlace, ContainerRoot, T> action,
        CancellationToken cancellation)
    {
        ContainerDocument document = Document(nameOrId);
        if (path is not ['/', ..])
        {
            throw new EngineException(
                ErrorId.ContainerPathNotFound, $"'{path}' is not an absolute path of a container.", null, path);
        }

        MonitorState? before = store.TryReadState(document.Id);
        try
        {
            using ContainerRoot root = OpenRoot(document, write, out LockFile? held, cancellation);
            using (held)
            using (ContainerPlace place = root.Find(path))
            {
                if (write && place.ReadOnly) throw new SystemCallException("write", path, Errno.EROFS);

                // What is made belongs to the container's root: the host's own has no id in mapped layers.
                if (!write || place.Ids.IsNone) return action(place, root);
                (uint uid, uint gid) = place.Ids.ToHost(0, 0);
                if (place.Root.IsReachedByAgent)
                {
                    using ContainerPlace owned = place with { Root = place.Root.As(uid, gid) };
                    return action(owned, root);
                }

                using FileSystemIds ids = FileSystemIds.Become(uid, gid);
                return action(place, root);
            }
        }
        catch (SystemCallException failure) when (before is { Pid: > 0 } && IsOver(document.Id, before!, failure))
        {
            throw Over(document, nameOrId);
        }
        catch (SystemCallException) when (!store.Exists(document.Id))
        {
            throw Gone(nameOrId);
        }
        catch (SystemCallException failure) when (failure.Errno is Errno.ENOENT or Errno.ENOTDIR)
        {
            throw new EngineException(
                ErrorId.ContainerPathNotFound,
                $"A file or directory is missing: {failure.Message}",
                write ? "Use -Force to make missing directories." : null,
                path,
                failure)
            {
                Errno = failure.Errno,
            };
        }
        catch (SystemCallException failure)
        {
            throw EngineException.From(failure, path);
        }
    }

    // As cp(1): into a directory that is there, else under a new name in one.
    private static string Destination(
        ContainerPlace place, string name, string path, bool makeParents, out string shown)
    {
        FileMetadata? existing = FindTarget(place);
        shown = path;
        if (existing is { Kind: FileKind.Directory } && name.Length > 0)
        {
            shown = path.TrimEnd('/') + "/" + name;
            return place.Path.TrimEnd('/') + "/" + name;
        }

        if (existing is null && path.EndsWith('/') && !makeParents)
            throw new SystemCallException("open", path, Errno.ENOENT);
        if (existing is not null || !makeParents) return place.Path;
        string parent = path.EndsWith('/') ? place.Path : place.Path[..(place.Path.LastIndexOf('/') + 1)];
        place.Root.MakeDirectories(parent.Length == 0 ? "/" : parent);
        if (!path.EndsWith('/')) return place.Path;
        shown = path + name;
        return place.Path.TrimEnd('/') + "/" + name;
    }

    private static FileMetadata? FindTarget(ContainerPlace place)
    {
        try
        {
            return place.Root.GetTargetMetadata(place.Path);
        }
        catch (SystemCallException failure) when (failure.Errno is Errno.ENOENT or Errno.ENOTDIR)
        {
            return null;
        }
    }

    private static CopyOptions Options(
        CopyItemOptions options, Func<uint, uint, (uint, uint)> owner, Action<long>? progress) => new()
        {
            Owner = options.Archive ? owner : null,
            Attributes = options.Archive,
            Special = options.Special,
            Recurse = options.Recurse,
            Progress = progress,
        };
}
