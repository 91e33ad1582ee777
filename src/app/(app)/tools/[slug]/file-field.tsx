"use client";

import type { FormField } from "#tools";
import { Dropzone } from "#ui/files/dropzone";
import { UploadRow } from "#ui/files/upload-row";
import type { Uploads } from "#ui/files/use-uploads";

type FileFieldProps = {
  field: FormField & { control: "file" };
  uploads: Uploads;
  error: string | undefined;
};

/** The files of a form: those that are there, and room for more as long as there is any. */
export function FileField({ field, uploads, error }: FileFieldProps) {
  const { files: limits, name, label } = field;
  const { items, rejections, add, remove, retry } = uploads;
  const id = `field-${name}`;
  return (
    <div className="grid gap-2">
      <label htmlFor={id} className="text-13 font-medium text-text">
        {label}
      </label>
      {items.length > 0 && (
        <ul className="grid gap-2">
          {items.map((item) => (
            <UploadRow key={item.key} item={item} onRemove={remove} onRetry={retry} />
          ))}
        </ul>
      )}
      <Dropzone
        id={id}
        limits={limits}
        onFiles={add}
        rejections={rejections}
        error={error}
        compact={items.length > 0}
      />
    </div>
  );
}
