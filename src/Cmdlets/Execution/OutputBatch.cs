namespace Container.Cmdlets.Execution;

/// <summary>What one read of a command's output brought: lines, or a block of bytes.</summary>
internal readonly record struct OutputBatch(bool IsError, List<string>? Lines, byte[]? Block);
