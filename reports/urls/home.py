from django.urls import path

from reports.views import activity, home

urlpatterns = [
    path("", home.home, name="home"),
    path("activity/", activity.activity_list, name="activity-list"),
]
