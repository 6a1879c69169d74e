using System.Collections;
using System.Management.Automation;
using Container.Cmdlets.Objects;
using Container.Cmdlets.Views;
using Container.Engine.Configuration;
using Container.Engine.Errors;

namespace Container.Cmdlets.Binding;

/// <summary>
/// Lets a mount be written as <c>[SOURCE:]TARGET[:OPTION,…]</c>, as <c>type=bind,source=…,target=…</c>, as a hashtable of
/// the properties of <see cref="ContainerMount"/>, or given as such an object. A relative source is resolved against
/// the current location of the shell, <c>~</c> included.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class MountTransformationAttribute : ArgumentTransformationAttribute
{
    /// <summary>Whether strings are read as <c>TARGET[:OPTION,…]</c>, for -Tmpfs.</summary>
    public bool Tmpfs { get; set; }

    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        IEnumerable items = value is not IDictionary && LanguagePrimitives.GetEnumerable(value) is { } several
            ? several
            : new[] { value };
        try
        {
            return items.Cast<object?>().Select(item => Read(engineIntrinsics, item)).ToArray();
        }
        catch (Exception failure) when (failure is EngineException or PSInvalidCastException or ItemNotFoundException)
        {
            throw new ArgumentTransformationMetadataException(VisibleText.OfMessage(failure.Message), failure);
        }
    }

    private ContainerMount Read(EngineIntrinsics engine, object? item) =>
        (item is PSObject wrapped ? wrapped.BaseObject : item) switch
        {
            ContainerMount mount => mount,
            ContainerMountInfo mount => mount.ToMount(),
            _ when PlainObject.Fields(item, typeof(ContainerMount)) is { } fields =>
                FromFields(engine, [.. fields], item!),
            var text when Tmpfs => ContainerMount.ParseTmpfs(LanguagePrimitives.ConvertTo<string>(text)),
            var text => ContainerMount.Parse(Absolute(engine, LanguagePrimitives.ConvertTo<string>(text))),
        };

    private static ContainerMount FromFields(
        EngineIntrinsics engine, IReadOnlyList<KeyValuePair<string, object>> fields, object given)
    {
        ContainerMount mount = new() { Target = "", IdMap = true };
        foreach ((string name, object value) in fields)
        {
            mount = name.ToLowerInvariant() switch
            {
                "type" => mount with { Type = LanguagePrimitives.ConvertTo<ContainerMountType>(value) },
                "source" => mount with { Source = LanguagePrimitives.ConvertTo<string>(value) },
                "target" or "destination" => mount with { Target = LanguagePrimitives.ConvertTo<string>(value) },
                "readonly" => mount with { ReadOnly = LanguagePrimitives.IsTrue(value) },
                "idmap" => mount with { IdMap = LanguagePrimitives.IsTrue(value) },
                "mapuser" => mount with { MapUser = LanguagePrimitives.ConvertTo<string>(value) },
                "mapgroup" => mount with { MapGroup = LanguagePrimitives.ConvertTo<string>(value) },
                "isanonymous" => mount with { IsAnonymous = LanguagePrimitives.IsTrue(value) },
                "nocopy" => mount with { NoCopy = LanguagePrimitives.IsTrue(value) },
                "size" => mount with
                {
                    Size = LanguagePrimitives.ConvertTo<long>(SizeTransformationAttribute.Read(value)),
                },
                "mode" => mount with { Mode = LanguagePrimitives.ConvertTo<uint>(value) },
                "option" => mount with { Option = LanguagePrimitives.ConvertTo<string[]>(value) },
                _ => throw new EngineException(
                    ErrorId.InvalidMountSpecification, Messages.UnknownMountField(name), target: given),
            };
        }

        // Without a type a source that is a path is a bind, as in the short written form.
        bool typed = fields.Any(field => field.Key.Equals("type", StringComparison.OrdinalIgnoreCase));
        if (!typed && !IsPath(mount.Source)) mount = mount with { Type = ContainerMountType.Volume };
        return mount.Type switch
        {
            ContainerMountType.Tmpfs => mount with { IdMap = false },
            ContainerMountType.Image => mount with { ReadOnly = true },
            ContainerMountType.Bind or ContainerMountType.Overlay when mount.Source is not null =>
                mount with { Source = HostPath(engine, mount.Source) },
            _ => mount,
        };
    }

    /// <summary>Rewrites the host path inside either written form.</summary>
    private static string Absolute(EngineIntrinsics engine, string text)
    {
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        if (equals > 0 && text.AsSpan(0, equals).IndexOfAny('/', ':') < 0)
        {
            string[] fields = text.Split(',');
            bool named = fields.Contains("type=volume") || fields.Contains("type=image");
            return string.Join(',', fields.Select(field => field.Split('=', 2) switch
            {
                ["source" or "src", var path] when !named => "source=" + HostPath(engine, path),
                _ => field,
            }));
        }

        int colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 && IsPath(text[..colon]) ? HostPath(engine, text[..colon]) + text[colon..] : text;
    }

    // A name without a slash is a volume's; a directory of the current location is written ./name.
    private static bool IsPath(string? source) =>
        source is ['.' or '~', ..] || source?.Contains('/', StringComparison.Ordinal) == true;

    private static string HostPath(EngineIntrinsics engine, string path) => path is ['/', ..]
        ? path
        : engine.SessionState.Path.GetUnresolvedProviderPathFromPSPath(path);
}
