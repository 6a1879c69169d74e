using Container.Engine.Errors;

namespace Container.Engine.Images.Archives;

/// <summary>Why an archive is refused.</summary>
internal static class ArchiveFailure
{
    public static EngineException Invalid(string what, Exception? inner = null) => new(
        ErrorId.ArchiveInvalid,
        $"The archive cannot be unpacked: {what}.",
        "Nothing of it was kept. Make the archive again, or unpack it yourself and import the directory.",
        null,
        inner);

    public static EngineException TooLarge(string what) => new(
        ErrorId.LimitExceeded, $"The archive is refused: {what}.", "Nothing of it was kept.");
}
