using Container.Engine;
using Container.Engine.Catalog;
using Container.Native.Files;
using Container.Native.Syscalls;

namespace Container.Cmdlets.Waiting;

/// <summary>A file exists in the container, as its own processes see it.</summary>
internal sealed class PathCondition(string path) : WaitCondition
{
    public override string Description => $"path '{path}'";

    public override bool IsMet(ContainerEngine engine, ContainerRecord container, CancellationToken token)
    {
        if (container.Pid is not { } pid) return false;
        try
        {
            using RootDirectory root = engine.Containers.OpenRoot(pid);
            root.GetTargetMetadata(path);
            return true;
        }
        catch (SystemCallException failure) when (failure.Errno is Errno.ENOENT or Errno.ESRCH or Errno.ENOTDIR)
        {
            return false;
        }
    }
}
