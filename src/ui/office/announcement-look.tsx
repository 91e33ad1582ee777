"use client";

import { useLocale, useTranslations } from "next-intl";
import { useState } from "react";
import { AnnouncementText } from "#ui/announcements/announcement-text";
import { BannerFrame } from "#ui/announcements/news";
import { Card, CardBody, CardHeader } from "#ui/primitives/card";
import { Select } from "#ui/primitives/select";
import type { AnnouncementForm } from "./announcement-fields";

/** The announcement as its readers will see it, in either language. */
export function AnnouncementLook({ form }: { form: AnnouncementForm }) {
  const t = useTranslations("officeAnnouncements");
  const [locale, setLocale] = useState<string>(useLocale());
  const isChinese = locale.startsWith("zh");
  const title = (isChinese ? form.titleZh : form.titleEn) || t("titleLabel");
  const text = (isChinese ? form.textZh : form.textEn) || t("textLabel");
  return (
    <Card aria-labelledby="look">
      <CardHeader
        id="look"
        title={t("preview")}
        action={
          <Select
            aria-label={t("previewLanguage")}
            value={isChinese ? "zh" : "en"}
            onChange={({ target }) => setLocale(target.value)}
            options={[
              { value: "en", label: t("english") },
              { value: "zh", label: t("chinese") },
            ]}
            className="w-auto"
          />
        }
      />
      <div lang={isChinese ? "zh-Hans" : "en"}>
        {form.banner && (
          <div className="border-t border-line">
            <BannerFrame title={title} text={text} />
          </div>
        )}
        <CardBody className="grid gap-1 border-t border-line pt-4">
          <p className="text-14 font-semibold break-words text-text">{title}</p>
          <AnnouncementText text={text} className="text-14 text-text-2" />
        </CardBody>
      </div>
    </Card>
  );
}
