using Container.Runtime.Monitor;

namespace Container.Runtime;

internal static class Program
{
    private static int Main(string[] args) =>
        args is ["monitor", ..] ? MonitorCommand.Run(args.AsSpan(1)) : 1;
}
